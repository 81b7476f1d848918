#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/spec/component.h"
#include "core/spec/fault.h"
#include "core/spiking/catalog.h"

namespace engram {

// Consecutive units of one population, as a part of a selection.
struct UnitRange {
  int population = 0;  // number in the slot `populations`
  int64_t begin = 0, end = 0;
  int64_t offset = 0;  // of the first in the selection

  int64_t units() const { return end - begin; }
};

// Units of several populations taken as one, numbered through.
struct UnitSelection {
  std::vector<UnitRange> ranges;
  int64_t units = 0;

  friend bool operator==(const UnitSelection& a, const UnitSelection& b);
};

struct PlannedPopulation {
  const Component* component = nullptr;
  const PopulationRow* row = nullptr;
  std::string name;
  int64_t units = 0;
};

// Delays in steps.
struct DelayRange {
  int64_t lowest = 1, highest = 1;
};

struct NetworkPlan;

struct PlannedSynapses {
  const Component* component = nullptr;
  std::string name;  // its own, or "projections.3"
  UnitSelection from, to;
  std::vector<int> receptors;  // of each range of `to`
  DelayRange delay;
  ConnectivityShape shape;  // without the seed
  double synapses = 0;      // expected
  bool is_plastic = false;
  bool is_traced = false;         // with an eligibility trace
  bool reads_potentials = false;  // by its rule
  int modulator = -1;             // its number

  // Whether what arrives at the r-th range of `to` needs no ring: all of it
  // arrives together after one delay, and is added to a number of the unit.
  bool IsAddedAtOnce(const NetworkPlan& plan, size_t r) const;
};

struct PlannedModulator {
  const Component* component = nullptr;
  const ModulatorRow* row = nullptr;
  std::string name;
  UnitSelection of;  // units that it listens to
};

struct PlannedStimulus {
  const Component* component = nullptr;
  UnitSelection to;
  std::vector<int> receptors;  // of each range of `to`
};

// What a tree of `spiking_network` says, with names looked up and times in
// steps, before anything is built. Points into the tree.
struct NetworkPlan {
  double dt = 0;  // [ms]
  int64_t steps = 0;
  bool is_single = false;
  std::vector<PlannedPopulation> populations;
  std::vector<PlannedSynapses> synapses;
  std::vector<PlannedStimulus> stimuli;
  std::vector<PlannedModulator> modulators;
  int64_t min_delay = 1;  // between spike and effect, over all synapses [steps]
  int shards = 1;

  double expected_synapses() const;
  // Of weights, offsets and traces, in the plan's precision.
  double bytes_of_synapses() const;
  // Of units' numbers that a rule on potentials keeps over time.
  double NumbersOverTime(const PlannedSynapses& s) const;
  int64_t units() const;
  // For how long a spike of a population may be underway to where it is added
  // at once [steps].
  int64_t StepsUnderway(int population) const;
};

// Adds to `faults` what is impossible; the plan is good when it added nothing.
NetworkPlan PlanNetwork(const Component& root, Faults& faults);

// Looks a selection up: all, the name of a population or group, name[3],
// name[0:100]. INVALID_ARGUMENT names what there is.
absl::StatusOr<UnitSelection> SelectUnits(const Component& root,
                                          const Value& selection);

// Units of a population that belong to shard `shard`: shards are cut by the
// shape alone, at multiples of 64 units, and each is one thread's at a time.
struct ShardUnits {
  int64_t begin = 0, end = 0;
};
ShardUnits UnitsOfShard(int64_t units, int shards, int shard);
// Of one shard but the last.
int64_t ShardSize(int64_t units, int shards);

}  // namespace engram
