#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/fault.h"
#include "core/spiking/network_plan.h"

namespace engram {

// Of one population: whose spikes are recorded.
struct RecordedUnits {
  bool all = false;
  std::vector<uint8_t> is_recorded;  // of each unit; empty: none, or all

  bool any() const { return all || !is_recorded.empty(); }
  bool Has(int32_t unit) const {
    return all || is_recorded[static_cast<size_t>(unit)] != 0;
  }
};

// A quantity of some units of one population, at equal intervals.
struct StateRecording {
  int population = 0;
  std::string array;  // "v", as the model names it
  std::vector<int32_t> units;
  int64_t every = 1;  // [steps]
};

// Weights of synapses of one presynaptic unit, at equal intervals.
struct WeightRecording {
  std::string path;             // of its component
  int synapses = 0;             // number in NetworkPlan::synapses
  int64_t pre = 0;              // numbered over the projection's `from`
  std::optional<int64_t> post;  // over its `to`; none: any
  std::optional<int64_t> nth;   // of those, by post and delay; none: all
  int64_t every = 1;            // [steps]
};

// What is recorded of a network, with names looked up and intervals in steps.
// Nothing of it changes a bit of the result.
struct RecordingPlan {
  std::vector<RecordedUnits> spikes;  // of each population
  std::vector<StateRecording> states;
  std::vector<WeightRecording> weights;
};

// Reads the slot `recordings`; where it is empty all spikes are recorded. Adds
// to `faults` what is impossible. The seed chooses random samples.
RecordingPlan PlanRecordings(const Component& root, const NetworkPlan& plan,
                             uint64_t seed, Faults& faults);

// Why what is to be recorded is not among the synapses of its presynaptic unit,
// of which there are `synapses`, `onto` of them onto the unit that it names;
// empty where it is.
std::string MissingSynapse(const WeightRecording& recording,
                           const std::string& projection, int64_t synapses,
                           int64_t onto);

// Rows of the catalog: `spikes`, `states`, `weights`.
std::vector<ComponentSpec> RecordingSpecs();

}  // namespace engram
