#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/presets/presets.h"
#include "core/spec/experiment.h"
#include "tests/support/experiment_tree.h"

namespace engram {

inline std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  for (const Preset& preset : Presets()) names.push_back(preset.name);
  return names;
}

inline std::string ParamName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

inline Experiment ParsedPreset(const std::string& name) {
  const Preset* preset = FindPreset(name);
  ENGRAM_EXPECT(preset != nullptr);
  ExperimentText text;
  text.text = preset->text;
  text.file = preset->name + ".yaml";
  Faults faults;
  std::optional<Experiment> experiment =
      Experiment::Parse(text, BuiltinCatalog(), RefuseAll(), 1, faults);
  for (const Fault& fault : faults) ADD_FAILURE() << fault.Format(text.file);
  ENGRAM_EXPECT(experiment.has_value());
  return *experiment;
}

// Networks whose runs take minutes: their claims are held with ENGRAM_LONG=1.
inline bool IsLong(const Experiment& experiment) {
  return std::ranges::count(experiment.tags(), "long") > 0;
}

}  // namespace engram
