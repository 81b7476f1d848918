#include "core/spiking/network_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/rules/catalog.h"
#include "core/spec/find_row.h"
#include "core/spec/nearest_name.h"
#include "core/spiking/plasticity/plastic_projection.h"

namespace engram {
namespace {

// Units to a shard from which cutting a network pays, and shards at most:
// enough for the cores of one machine, few enough that the rows of a
// presynaptic unit stay long.
constexpr int64_t kUnitsOfShard = 2500;
constexpr int64_t kMostShards = 16;
constexpr int64_t kAlignedUnits = 64;
// Longest delay: beyond it a ring of input would be mostly air.
constexpr int64_t kMostDelaySteps = 1 << 20;
// An offset in a ring of input has 32 bits.
constexpr double kMostRing = 4294967295.0;

class Planner {
 public:
  Planner(const Component& root, Faults& faults)
      : root_(root), faults_(faults) {}

  NetworkPlan Plan() {
    plan_.dt = root_.Real("dt");
    plan_.steps = std::llround(root_.Real("duration") / plan_.dt);
    plan_.is_single = root_.Text("precision") == "single";
    PlanDuration();
    if (root_.Slots("populations").empty()) {
      Report(root_, "populations",
             "a network needs units: a list of populations, or circuits");
    }
    for (const Component& c : root_.Slots("populations")) AddPopulation(c);
    for (const Component& c : root_.Slots("groups")) CheckGroup(c);
    for (const Component& c : root_.Slots("modulators")) AddModulator(c);
    for (const Component& c : root_.Slots("projections")) AddSynapses(c);
    for (const Component& c : root_.Slots("stimuli")) AddStimulus(c);
    plan_.shards = static_cast<int>(
        std::clamp(plan_.units() / kUnitsOfShard, int64_t{1}, kMostShards));
    PlanMinDelay();
    return std::move(plan_);
  }

 private:
  void Report(const Component& at, absl::string_view key, std::string message) {
    faults_.push_back(
        {0, absl::StrCat(at.path, key.empty() ? "" : ".", key), message});
  }

  void PlanDuration() {
    if (plan_.steps >= 1) return;
    Report(root_, "duration",
           absl::StrCat("duration = ", root_.Real("duration"),
                        " ms is less than half a step of ", plan_.dt,
                        " ms; make it longer"));
  }

  void AddPopulation(const Component& c) {
    const PopulationRow& row = RowOf(PopulationRows(), c.type);
    plan_.populations.push_back({&c, &row, c.name, c.Integer("units")});
    if (c.name.empty()) {
      Report(c, "",
             "a population needs a name, by which projections, "
             "recordings and analyses know it");
    }
    if (c.name == "all") {
      Report(c, "name", "`all` stands for every unit; choose another name");
    }
    if (row.unstable == nullptr) return;
    const std::string why = row.unstable(c, plan_.dt);
    if (!why.empty()) Report(c, "", why);
  }

  void CheckGroup(const Component& c) {
    if (c.name.empty()) {
      Report(c, "", "a group needs a name");
      return;
    }
    for (const PlannedPopulation& p : plan_.populations) {
      if (p.name == c.name) {
        Report(c, "name", absl::StrCat("a population has the name ", c.name));
      }
    }
    const absl::StatusOr<UnitSelection> members =
        SelectUnits(root_, Value(c.name));
    if (!members.ok()) {
      Report(c, "of", std::string(members.status().message()));
    }
  }

  UnitSelection Select(const Component& c, const char* parameter) {
    absl::StatusOr<UnitSelection> units = SelectUnits(root_, c.Get(parameter));
    if (units.ok()) return *std::move(units);
    Report(c, parameter, std::string(units.status().message()));
    return {};
  }

  // The receptor's number in each population of the selection.
  std::vector<int> FindReceptors(const Component& c, const UnitSelection& to) {
    std::vector<int> numbers;
    for (const UnitRange& range : to.ranges) {
      const PlannedPopulation& target =
          plan_.populations[static_cast<size_t>(range.population)];
      numbers.push_back(FindReceptor(c, target));
    }
    return numbers;
  }

  int FindReceptor(const Component& c, const PlannedPopulation& target) {
    const std::string& wanted = c.Text("receptor");
    std::vector<std::string> names;
    for (const Receptor& r : target.row->receptors) names.push_back(r.name);
    if (names.empty()) {
      Report(c, "to",
             absl::StrCat(target.name, " is a ", target.component->type,
                          " and takes no input"));
      return 0;
    }
    if (wanted.empty()) return 0;
    const auto found = std::ranges::find(names, wanted);
    if (found == names.end()) {
      Report(c, "receptor",
             absl::StrCat(target.name, " (", target.component->type,
                          ") has no receptor ", wanted,
                          SuggestName(wanted, names)));
      return 0;
    }
    return static_cast<int>(found - names.begin());
  }

  void AddSynapses(const Component& c) {
    PlannedSynapses s;
    s.component = &c;
    s.name = c.name.empty() ? c.path.substr(root_.path.size() + 1) : c.name;
    s.from = Select(c, "from");
    s.to = Select(c, "to");
    s.receptors = FindReceptors(c, s.to);
    CheckOwnNumbers(c);
    s.delay = PlanDelay(c);
    s.shape = {.n_pre = s.from.units,
               .n_post = s.to.units,
               .is_recurrent = s.from == s.to};
    PlanConnectivity(s);
    PlanPlasticity(s);
    CheckRing(s);
    plan_.synapses.push_back(std::move(s));
  }

  // A synapse has its own weight from a list or from a distribution.
  void CheckOwnNumbers(const Component& c) {
    const Component& pairs = c.Slot("connectivity");
    const ConnectivityRow& row = RowOf(ConnectivityRows(), pairs.type);
    for (const auto& [slot, own] : {std::pair("weights", row.own_weights),
                                    std::pair("delays", row.own_delays)}) {
      if (c.Find(slot) == nullptr || !HasOwn(pairs, own)) continue;
      Report(c, slot,
             absl::StrCat(pairs.path, ".", own, " gives each synapse its own ",
                          slot, "; leave one of both out"));
    }
  }

  DelayRange PlanDelay(const Component& c) {
    double lowest = c.Real("delay"), highest = lowest;
    std::string at = "delay";
    const Component& pairs = c.Slot("connectivity");
    const std::string& own = RowOf(ConnectivityRows(), pairs.type).own_delays;
    if (HasOwn(pairs, own) && !pairs.Reals(own).empty()) {
      const std::vector<double> listed = pairs.Reals(own);
      lowest = std::ranges::min(listed);
      highest = std::ranges::max(listed);
      at = absl::StrCat("connectivity.", own);
    }
    if (const Component* delays = c.Find("delays")) {
      const std::unique_ptr<Distribution> drawn = MakeDistribution(*delays);
      lowest = drawn->lowest();
      highest = drawn->highest();
      at = "delays";
    }
    const double steps_low = std::round(lowest / plan_.dt);
    const double steps_high = std::round(highest / plan_.dt);
    if (!(steps_low >= 1)) {
      Report(c, at,
             absl::StrCat("a delay of ", lowest, " ms is under one step of ",
                          plan_.dt, " ms; wanted at least one step: a longer ",
                          "delay (`low` of a distribution) or a smaller dt"));
      return {};
    }
    if (!(steps_high <= static_cast<double>(kMostDelaySteps))) {
      Report(c, at,
             absl::StrCat("a delay of ", highest, " ms is ", steps_high,
                          " steps of ", plan_.dt, " ms, beyond the ",
                          kMostDelaySteps,
                          " that a ring of input holds; bound it (`high` of a "
                          "distribution)"));
      return {};
    }
    return {static_cast<int64_t>(steps_low), static_cast<int64_t>(steps_high)};
  }

  void PlanConnectivity(PlannedSynapses& s) {
    if (s.from.units == 0 || s.to.units == 0) return;
    const Component& c = s.component->Slot("connectivity");
    const ConnectivityRow& row = RowOf(ConnectivityRows(), c.type);
    if (row.impossible != nullptr) {
      const std::string why = row.impossible(c, s.shape);
      if (!why.empty()) {
        Report(c, "", why);
        return;
      }
    }
    s.synapses = row.synapses(c, s.shape);
  }

  void PlanPlasticity(PlannedSynapses& s) {
    const Component& c = *s.component;
    const Component* rule = c.Find("rule");
    s.is_plastic = rule != nullptr;
    if (rule == nullptr) {
      if (c.Has("modulator")) {
        Report(c, "modulator",
               "a modulator acts through a rule; these synapses have none");
      }
      return;
    }
    const std::string why = FaultOfPlasticity(c);
    if (!why.empty()) Report(*rule, "", why);
    if (c.Find("short_term") != nullptr) {
      Report(c, "short_term",
             "synapses with a rule have no short-term plasticity; give one of "
             "both to a second projection");
    }
    CheckPlasticTimes(s);
    CheckPotentials(s);
    s.is_traced = rule->Find("eligibility") != nullptr;
    if (!c.Has("modulator")) return;
    for (size_t m = 0; m < plan_.modulators.size(); ++m) {
      if (plan_.modulators[m].name == c.Text("modulator")) {
        s.modulator = static_cast<int>(m);
      }
    }
  }

  // A rule that reads potentials finds one in every unit that it acts on.
  void CheckPotentials(PlannedSynapses& s) {
    const Component& rule = s.component->Slot("rule");
    s.reads_potentials = ReadsPotentials(rule);
    if (!s.reads_potentials) return;
    const double traces = static_cast<double>(s.from.units) *
                          static_cast<double>(s.delay.highest + 1);
    if (traces > kMostRing) {
      Report(*s.component, "delay",
             absl::StrCat(rule.type, " keeps a trace of ", s.from.units,
                          " units for ", s.delay.highest, " steps of delay, ",
                          traces, " numbers, more than ", kMostRing,
                          "; take a larger dt or shorter delays"));
    }
    for (const UnitRange& range : s.to.ranges) {
      const PlannedPopulation& target =
          plan_.populations[static_cast<size_t>(range.population)];
      const std::vector<std::string>& arrays = target.row->arrays;
      if (std::ranges::find(arrays, kPotential) != arrays.end()) continue;
      std::vector<std::string> able;
      for (const PopulationRow& row : PopulationRows()) {
        if (std::ranges::find(row.arrays, kPotential) == row.arrays.end()) {
          continue;
        }
        able.push_back(row.spec.type);
      }
      Report(rule, "",
             absl::StrCat(rule.type,
                          " reads the potential of the units that "
                          "it acts on, and ",
                          target.name, ", a ", target.component->type,
                          ", has none; wanted ", ListNames(able),
                          ", or a rule on spikes"));
    }
  }

  // Plastic synapses count steps in 30 bits, and remember postsynaptic spikes
  // for as long as a dendrite may delay them.
  void CheckPlasticTimes(const PlannedSynapses& s) {
    constexpr int64_t kMostSteps = int64_t{1} << 30, kMostDendrite = 1000;
    if (plan_.steps >= kMostSteps) {
      Report(*s.component, "rule",
             absl::StrCat("plastic synapses take at most ", kMostSteps,
                          " steps, and duration / dt is ", plan_.steps,
                          "; take a larger dt or a shorter duration"));
    }
    if (s.component->Text("delay_of") == "dendrite" &&
        s.delay.highest > kMostDendrite) {
      Report(*s.component, "delay_of",
             absl::StrCat("a dendrite delays by at most ", kMostDendrite,
                          " steps, and these by ", s.delay.highest,
                          "; take shorter delays, or delay_of: axon"));
    }
  }

  void AddModulator(const Component& c) {
    PlannedModulator m;
    m.component = &c;
    m.row = &RowOf(ModulatorRows(), c.type);
    m.name = c.name;
    if (c.name.empty()) {
      Report(c, "", "a modulator needs a name, by which projections know it");
    }
    if (m.row->listens) m.of = Select(c, "of");
    plan_.modulators.push_back(std::move(m));
  }

  void CheckRing(const PlannedSynapses& s) {
    for (const UnitRange& range : s.to.ranges) {
      const double units = static_cast<double>(
          plan_.populations[static_cast<size_t>(range.population)].units);
      const double ring =
          (units + kAlignedUnits) * static_cast<double>(s.delay.highest);
      if (ring <= kMostRing) continue;
      Report(*s.component, "delay",
             absl::StrCat(units, " units times ", s.delay.highest,
                          " steps of delay are ", ring,
                          " places of input, more than ", kMostRing,
                          "; take a larger dt or shorter delays"));
    }
  }

  void AddStimulus(const Component& c) {
    PlannedStimulus s;
    s.component = &c;
    s.to = Select(c, "to");
    s.receptors = FindReceptors(c, s.to);
    plan_.stimuli.push_back(std::move(s));
  }

  // Without synapses nothing arrives, and threads meet once in a while.
  void PlanMinDelay() {
    constexpr int64_t kLongest = 64;
    plan_.min_delay = kLongest;
    for (const PlannedSynapses& s : plan_.synapses) {
      plan_.min_delay = std::min(plan_.min_delay, s.delay.lowest);
    }
  }

  const Component& root_;
  Faults& faults_;
  NetworkPlan plan_;
};

}  // namespace

double NetworkPlan::expected_synapses() const {
  double all = 0;
  for (const PlannedSynapses& s : synapses) all += s.synapses;
  return all;
}

// Presynaptic traces of as many steps as the longest delay has, and two
// filtered potentials of as many as the rule's delay.
double NetworkPlan::NumbersOverTime(const PlannedSynapses& s) const {
  const double filtered = s.component->Slot("rule").Real("delay") / dt + 1;
  return static_cast<double>(s.from.units * (s.delay.highest + 1)) +
         2 * filtered * static_cast<double>(s.to.units);
}

double NetworkPlan::bytes_of_synapses() const {
  const double real = is_single ? 4 : 8;
  double all = 0;
  for (const PlannedSynapses& s : synapses) {
    double each = 4 + (s.is_traced ? 2 : 1) * real;
    if (s.reads_potentials) {
      each += s.is_traced ? 12 : 8;
      all += real * NumbersOverTime(s);
    }
    all += s.synapses * each;
  }
  return all;
}

int64_t NetworkPlan::units() const {
  int64_t all = 0;
  for (const PlannedPopulation& p : populations) all += p.units;
  return all;
}

bool PlannedSynapses::IsAddedAtOnce(const NetworkPlan& plan, size_t r) const {
  if (is_plastic || component->Find("short_term") != nullptr) return false;
  if (delay.lowest != delay.highest) return false;
  const PlannedPopulation& target =
      plan.populations[static_cast<size_t>(to.ranges[r].population)];
  return !target.row->receptors[static_cast<size_t>(receptors[r])]
              .adds_to.empty();
}

int64_t NetworkPlan::StepsUnderway(int population) const {
  int64_t longest = 0;
  for (const PlannedSynapses& s : synapses) {
    const bool is_sent = std::ranges::any_of(
        s.from.ranges,
        [&](const UnitRange& from) { return from.population == population; });
    for (size_t r = 0; is_sent && r < s.to.ranges.size(); ++r) {
      if (!s.IsAddedAtOnce(*this, r)) continue;
      longest = std::max(longest, s.delay.highest);
    }
  }
  return longest;
}

NetworkPlan PlanNetwork(const Component& root, Faults& faults) {
  return Planner(root, faults).Plan();
}

int64_t ShardSize(int64_t units, int shards) {
  const int64_t size = (units + shards - 1) / shards;
  return (size + kAlignedUnits - 1) / kAlignedUnits * kAlignedUnits;
}

ShardUnits UnitsOfShard(int64_t units, int shards, int shard) {
  const int64_t size = ShardSize(units, shards);
  return {std::min(units, shard * size), std::min(units, (shard + 1) * size)};
}

}  // namespace engram
