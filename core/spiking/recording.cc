#include "core/spiking/recording.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/spec/nearest_name.h"
#include "core/spiking/synapse_draw.h"

namespace engram {
namespace {

// Each unit is a series of its own: more of them are for snapshots.
constexpr int64_t kMostSeries = 100;
constexpr double kMostPoints = 2e6;

struct Sample {
  Value of = Value("all");
  int64_t random = 0;  // 0: all of them
};

absl::StatusOr<Sample> ReadSample(const Value& selection) {
  const auto* map = std::get_if<Value::Map>(&selection.data);
  Sample sample;
  if (map == nullptr) {
    sample.of = selection;
    return sample;
  }
  for (const auto& [key, value] : *map) {
    if (key == "of") {
      sample.of = value;
      continue;
    }
    const auto* count = std::get_if<int64_t>(&value.data);
    if (key != "random" || count == nullptr || *count < 1) {
      return absl::InvalidArgumentError(absl::StrCat(
          "a sample is written {of: excitatory, random: 50}; got ", key,
          count == nullptr ? "" : absl::StrCat(": ", *count)));
    }
    sample.random = *count;
  }
  return sample;
}

// {projection: exc, pre: 0, nth: 0}
struct SynapseChoice {
  std::string projection;
  int64_t pre = 0;
  std::optional<int64_t> post, nth;
};

absl::StatusOr<SynapseChoice> ReadChoice(const Value& selection) {
  const auto* map = std::get_if<Value::Map>(&selection.data);
  const auto number = [&](const char* key) -> std::optional<int64_t> {
    const auto found = map->find(key);
    if (found == map->end()) return std::nullopt;
    return std::get<int64_t>(found->second.data);
  };
  if (map == nullptr || !map->contains("projection") || !number("pre")) {
    return absl::InvalidArgumentError(
        "synapses are those of a presynaptic unit: wanted {projection: exc, "
        "pre: 0}, one of them with `post: 3` or `nth: 0`");
  }
  return SynapseChoice{std::get<std::string>(map->at("projection").data),
                       *number("pre"), number("post"), number("nth")};
}

// Units of each population, ascending.
using UnitsByPopulation = std::vector<std::set<int32_t>>;

class Planner {
 public:
  Planner(const Component& root, const NetworkPlan& plan, uint64_t seed,
          Faults& faults)
      : root_(root), plan_(plan), seed_(seed), faults_(faults) {}

  RecordingPlan Plan() {
    recordings_.spikes.resize(plan_.populations.size());
    const std::vector<Component>& given = root_.Slots("recordings");
    for (RecordedUnits& units : recordings_.spikes) units.all = given.empty();
    for (const Component& c : given) {
      if (c.type == "spikes") AddSpikes(c);
      if (c.type == "states") AddStates(c);
      if (c.type == "weights") AddWeights(c);
    }
    return std::move(recordings_);
  }

 private:
  void Report(const Component& at, absl::string_view key, std::string message) {
    faults_.push_back({0, absl::StrCat(at.path, ".", key), std::move(message)});
  }

  UnitsByPopulation Select(const Component& c) {
    UnitsByPopulation units(plan_.populations.size());
    const absl::StatusOr<Sample> sample = ReadSample(c.Get("of"));
    if (!sample.ok()) {
      Report(c, "of", std::string(sample.status().message()));
      return units;
    }
    const absl::StatusOr<UnitSelection> whole = SelectUnits(root_, sample->of);
    if (!whole.ok()) {
      Report(c, "of", std::string(whole.status().message()));
      return units;
    }
    if (sample->random > whole->units) {
      Report(c, "of",
             absl::StrCat("random = ", sample->random, " of ", whole->units,
                          " units; wanted at most all of them"));
      return units;
    }
    Take(c, *whole, sample->random == 0 ? whole->units : sample->random, units);
    return units;
  }

  // `count` of the selection, each subset as likely as any other: selection
  // sampling, algorithm S of Knuth, The Art of Computer Programming 2, 3.4.2.
  void Take(const Component& c, const UnitSelection& whole, int64_t count,
            UnitsByPopulation& units) {
    const RandomStream draws(seed_, c.path, "recorded_units");
    int64_t number = 0, wanted = count;
    for (const UnitRange& range : whole.ranges) {
      for (int64_t unit = range.begin; unit < range.end; ++unit, ++number) {
        const auto left = static_cast<double>(whole.units - number);
        if (draws.Uniform(number, 0) * left >= static_cast<double>(wanted)) {
          continue;
        }
        --wanted;
        units[static_cast<size_t>(range.population)].insert(
            static_cast<int32_t>(unit));
      }
    }
  }

  void AddSpikes(const Component& c) {
    const UnitsByPopulation units = Select(c);
    for (size_t p = 0; p < units.size(); ++p) {
      RecordedUnits& recorded = recordings_.spikes[p];
      if (units[p].empty() || recorded.all) continue;
      recorded.is_recorded.resize(
          static_cast<size_t>(plan_.populations[p].units));
      for (const int32_t unit : units[p]) {
        recorded.is_recorded[static_cast<size_t>(unit)] = 1;
      }
      if (std::ranges::count(recorded.is_recorded, 1) !=
          std::ssize(recorded.is_recorded)) {
        continue;
      }
      recorded = {.all = true, .is_recorded = {}};
    }
  }

  void AddStates(const Component& c) {
    const size_t before = faults_.size();
    const UnitsByPopulation units = Select(c);
    const int64_t every = StepsOfInterval(c);
    int64_t series = 0;
    for (size_t p = 0; p < units.size(); ++p) {
      if (units[p].empty() || !CheckArray(c, plan_.populations[p])) continue;
      series += std::ssize(units[p]);
      recordings_.states.push_back({.population = static_cast<int>(p),
                                    .array = c.Text("array"),
                                    .units = {units[p].begin(), units[p].end()},
                                    .every = every});
    }
    if (faults_.size() == before) CheckSize(c, series, every);
  }

  bool CheckArray(const Component& c, const PlannedPopulation& population) {
    const std::vector<std::string>& arrays = population.row->arrays;
    const std::string& wanted = c.Text("array");
    if (std::ranges::find(arrays, wanted) != arrays.end()) return true;
    Report(c, "array",
           absl::StrCat(population.name, " (", population.component->type,
                        ") has no ", wanted, SuggestName(wanted, arrays)));
    return false;
  }

  int64_t StepsOfInterval(const Component& c) const {
    return std::max<int64_t>(1, std::llround(c.Real("every") / plan_.dt));
  }

  void AddWeights(const Component& c) {
    const size_t before = faults_.size();
    const absl::StatusOr<SynapseChoice> chosen = ReadChoice(c.Get("of"));
    if (!chosen.ok()) {
      Report(c, "of", std::string(chosen.status().message()));
      return;
    }
    const PlannedSynapses* s = FindProjection(c, chosen->projection);
    if (s == nullptr) return;
    CheckUnit(c, "pre", chosen->pre, s->from.units);
    if (chosen->post) CheckUnit(c, "post", *chosen->post, s->to.units);
    if (!s->is_plastic) {
      Report(c, "of",
             absl::StrCat(s->name,
                          " has no rule, so its weights stay as they "
                          "are; give it one, or record another"));
    }
    if (faults_.size() != before) return;
    const WeightRecording recording{
        .path = c.path,
        .synapses = static_cast<int>(s - plan_.synapses.data()),
        .pre = chosen->pre,
        .post = chosen->post,
        .nth = chosen->nth,
        .every = StepsOfInterval(c)};
    if (HasKnownRows(*s)) CheckIsThere(c, *s, recording);
    recordings_.weights.push_back(recording);
    const bool is_one = chosen->nth || chosen->post;
    const double of_unit = s->synapses / static_cast<double>(s->from.units);
    CheckWeightSize(c, is_one ? 1 : of_unit);
  }

  // Whether a row's synapses are the same whatever the seed; of others it is
  // known when the network is built.
  static bool HasKnownRows(const PlannedSynapses& s) {
    const std::string& type = s.component->Slot("connectivity").type;
    return type == "all_to_all" || type == "explicit_list" ||
           type == "one_to_one";
  }

  void CheckIsThere(const Component& c, const PlannedSynapses& s,
                    const WeightRecording& recording) {
    SynapseRow row;
    SynapseDraw(s, plan_.dt, seed_).Units(recording.pre, row);
    const int64_t onto =
        recording.post ? std::ranges::count(row.units, *recording.post) : 0;
    const std::string missing =
        MissingSynapse(recording, s.name, std::ssize(row.units), onto);
    if (!missing.empty()) Report(c, "of", missing);
  }

  void CheckWeightSize(const Component& c, double series) {
    if (series > static_cast<double>(kMostSeries)) {
      Report(c, "of",
             absl::StrCat("a unit's synapses, about ", series,
                          ", have a series each, more than ", kMostSeries,
                          "; name one by `nth` or `post`, or take snapshots of "
                          "the projection's synapse_weight"));
      return;
    }
    CheckPoints(c, series, StepsOfInterval(c));
  }

  const PlannedSynapses* FindProjection(const Component& c,
                                        const std::string& name) {
    std::vector<std::string> names;
    for (const PlannedSynapses& s : plan_.synapses) {
      if (s.name == name) return &s;
      names.push_back(s.name);
    }
    Report(c, "of",
           absl::StrCat("there is no projection ", name,
                        SuggestName(name, names)));
    return nullptr;
  }

  void CheckUnit(const Component& c, const char* side, int64_t unit,
                 int64_t units) {
    if (unit < units) return;
    Report(c, "of",
           absl::StrCat(side, " = ", unit, " is none of the ", units,
                        " units of that side; they are numbered from 0"));
  }

  void CheckSize(const Component& c, int64_t series, int64_t every) {
    if (series > kMostSeries) {
      Report(c, "of",
             absl::StrCat(series, " units have a series each, more than ",
                          kMostSeries,
                          "; take a sample, {of: ..., random: 20}, or "
                          "snapshots of the whole array (record: snapshots)"));
      return;
    }
    CheckPoints(c, static_cast<double>(series), every);
  }

  void CheckPoints(const Component& c, double series, int64_t every) {
    const double points =
        series * static_cast<double>(plan_.steps) / static_cast<double>(every);
    if (points <= kMostPoints) return;
    Report(
        c, "every",
        absl::StrCat("every = ", c.Real("every"), " ms of ", series,
                     " series gives ", points, " points, more than ",
                     kMostPoints, "; take fewer of them or a longer interval"));
  }

  const Component& root_;
  const NetworkPlan& plan_;
  const uint64_t seed_;
  Faults& faults_;
  RecordingPlan recordings_;
};

ParameterSpec Of(std::string meaning) {
  ParameterSpec spec;
  spec.name = "of";
  spec.type = ParameterType::kSelection;
  spec.default_value = Value("all");
  spec.meaning = std::move(meaning);
  return spec;
}

ComponentSpec WeightsSpec() {
  ParameterSpec of = Of(
      "whose: {projection: exc, pre: 0} all synapses of a presynaptic unit, "
      "with post: 3 those onto one unit, with nth: 0 one of them, in order of "
      "their units");
  of.default_value.reset();
  return {.kind = Kind::kRecording,
          .type = "weights",
          .summary = "weights of plastic synapses over time, a series each",
          .equation = "",
          .reference = "",
          .parameters = {std::move(of),
                         ::engram::Real("every", "ms", 100, 1e-4, 1e9,
                                        "interval, rounded to whole steps")},
          .slots = {},
          .outputs = {{"PROJECTION.weight.PRE.POST", OutputKind::kSeries, "1",
                       "ms", "the weight of one synapse"}},
          .check = {}};
}

}  // namespace

RecordingPlan PlanRecordings(const Component& root, const NetworkPlan& plan,
                             uint64_t seed, Faults& faults) {
  return Planner(root, plan, seed, faults).Plan();
}

std::string MissingSynapse(const WeightRecording& recording,
                           const std::string& projection, int64_t synapses,
                           int64_t onto) {
  const std::string unit =
      absl::StrCat("unit ", recording.pre, " of ", projection, " has ");
  const auto count = [](int64_t n) {
    return absl::StrCat(n, n == 1 ? " synapse" : " synapses");
  };
  const std::string numbered = "; they are numbered from 0";
  if (recording.post && onto == 0) {
    return absl::StrCat("post = ", *recording.post, ", but ", unit,
                        "no synapse onto it among its ", count(synapses),
                        "; name another unit, or one of them by `nth`");
  }
  if (!recording.nth) return "";
  const int64_t among = recording.post ? onto : synapses;
  if (*recording.nth < among) return "";
  return absl::StrCat(
      "nth = ", *recording.nth, ", but ", unit, count(among),
      recording.post ? absl::StrCat(" onto unit ", *recording.post) : "",
      among == 0 ? "; name another unit" : numbered);
}

std::vector<ComponentSpec> RecordingSpecs() {
  ComponentSpec spikes{
      .kind = Kind::kRecording,
      .type = "spikes",
      .summary = "when each of some units fired",
      .equation = "",
      .reference = "",
      .parameters = {Of("whose: all, excitatory[0:100], {of: all, random: "
                        "50}")},
      .slots = {},
      .outputs = {{"spikes", OutputKind::kSpikes, "ms", "",
                   "of each population, step and unit"}},
      .check = {}};
  ComponentSpec states{
      .kind = Kind::kRecording,
      .type = "states",
      .summary = "a quantity of some units over time, a series each",
      .equation = "",
      .reference = "",
      .parameters = {Of("whose, 100 units at most"),
                     Text("array", "v", "as the model names it"),
                     ::engram::Real("every", "ms", 1, 1e-4, 1e9,
                                    "interval, rounded to whole steps")},
      .slots = {},
      .outputs = {{"POPULATION.ARRAY.UNIT", OutputKind::kSeries, "1", "ms",
                   "the quantity of one unit"}},
      .check = {}};
  return {std::move(spikes), std::move(states), WeightsSpec()};
}

}  // namespace engram
