#include "core/presets/presets.h"

#include "core/presets/preset_texts.h"

namespace engram {

const std::vector<Preset>& Presets() {
  static const std::vector<Preset> presets = PresetTexts();
  return presets;
}

const Preset* FindPreset(absl::string_view name) {
  for (const Preset& preset : Presets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace engram
