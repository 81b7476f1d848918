#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// An experiment that reproduces published findings, with its claims.
struct Preset {
  std::string name;  // "flagship": the file's name without .yaml
  std::string text;  // YAML, as in core/presets
};

// Every file of core/presets, sorted by name. Thread-safe.
const std::vector<Preset>& Presets();

// Null when there is none of this name.
const Preset* FindPreset(absl::string_view name);

}  // namespace engram
