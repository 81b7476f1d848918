#pragma once

#include <cstdint>
#include <optional>

#include "core/spec/read_context.h"
#include "core/spec/sweep.h"
#include "core/spec/yaml_node.h"

namespace engram {

// Every point of `experiment` (what is written under that key) under `sweep`
// (the same; null for none). Each axis value is read by itself, in isolation
// from axes that have nothing to do with it; what spans components is checked
// at every point. After faults the sweep is not to be used, but what is
// known of it serves to find further faults.
struct ReadSweepResult {
  Sweep sweep;
  bool has_base = false;   // the base tree is valid
  bool has_types = false;  // at least its components' types are known
  bool has_axes = false;   // every axis and every value is valid
};
ReadSweepResult ReadSweep(const YamlNode& experiment, const YamlNode* sweep,
                          uint64_t seed, uint64_t sweep_seed,
                          ReadContext& context);

}  // namespace engram
