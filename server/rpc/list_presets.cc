#include <utility>

#include "server/rpc/catalog.h"
#include "server/rpc/preset_message.h"

namespace engram {

absl::StatusOr<v1::ListPresetsResponse> ListPresets(
    const Caller& /*caller*/, const v1::ListPresetsRequest& /*request*/,
    const Parts& parts) {
  v1::ListPresetsResponse reply;
  for (const PresetFile& preset : parts.science.presets) {
    auto message = PresetMessage(preset, parts);
    if (!message.ok()) return message.status();
    message->clear_text();
    *reply.add_presets() = *std::move(message);
  }
  return reply;
}

}  // namespace engram
