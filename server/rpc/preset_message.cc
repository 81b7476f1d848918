#include "server/rpc/preset_message.h"

#include <string>

#include "server/rpc/experiment_source.h"

namespace engram {

absl::StatusOr<v1::Preset> PresetMessage(const PresetFile& preset,
                                         const Parts& parts) {
  v1::ExperimentSource source;
  source.set_preset(preset.name);
  auto parsed = ParseSource(source, parts);
  if (!parsed.ok()) return parsed.status();
  const Experiment& experiment = parsed->experiment;
  v1::Preset message;
  message.set_name(preset.name);
  message.set_title(experiment.name());
  message.set_notes(experiment.notes());
  message.set_text(preset.text);
  message.set_run_count(experiment.run_count());
  message.set_claim_count(static_cast<int64_t>(experiment.claims().size()));
  for (const std::string& tag : experiment.tags()) message.add_tags(tag);
  return message;
}

}  // namespace engram
