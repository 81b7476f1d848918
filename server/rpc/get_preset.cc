#include "server/rpc/catalog.h"
#include "server/rpc/experiment_source.h"
#include "server/rpc/preset_message.h"

namespace engram {

absl::StatusOr<v1::Preset> GetPreset(const Caller& /*caller*/,
                                     const v1::GetPresetRequest& request,
                                     const Parts& parts) {
  auto preset = FindPreset(parts.science, request.name());
  if (!preset.ok()) return preset.status();
  return PresetMessage(**preset, parts);
}

}  // namespace engram
