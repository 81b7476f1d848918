#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/programs/catalog.h"
#include "core/programs/network_slot.h"
#include "core/programs/pattern_recall.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC: time for one
// entry of the patterns (read twice in the step, once for the overlaps), for
// one sparse weight, and for one unit's gain function, in one step; for one
// pattern of one sparse weight, when it is made.
constexpr double kPatternEntry = 0.5e-9;       // [s]
constexpr double kSparseWeight = 1e-9;         // [s]
constexpr double kUnit = 8e-9;                 // [s]
constexpr double kSparseWeightEntry = 1.5e-9;  // [s]
constexpr int64_t kProcess = 32 << 20;         // [bytes] without any array

int64_t StepsOf(const Component& root) {
  return std::llround(root.Real("duration") / root.Slot("network").Real("dt"));
}

Estimate EstimatePatternRecall(const Component& root) {
  const Component& network = root.Slot("network");
  const double units = static_cast<double>(network.Integer("units"));
  const double patterns = static_cast<double>(network.Integer("patterns"));
  const double synapses =
      units * static_cast<double>(network.Integer("in_degree"));
  const double steps = static_cast<double>(StepsOf(root));
  const double traces = 2 * 8 * (steps + 1) * patterns;
  return {
      .seconds = steps * (kPatternEntry * units * patterns +
                          kSparseWeight * synapses + kUnit * units) +
                 kSparseWeightEntry * synapses * patterns,
      .memory_bytes =
          kProcess + static_cast<int64_t>(8 * units * (patterns + 4) +
                                          12 * synapses + traces),
      .record_bytes = static_cast<int64_t>(2 * traces + 16 * steps + 8 * units),
      .ticks = StepsOf(root),
      .tick_name = "step"};
}

std::vector<std::string> ArraysOfPatternRecall(const Component& root) {
  std::vector<std::string> arrays = {"step",
                                     "network.state",
                                     "mean_field.overlaps",
                                     "mean_field.variance",
                                     "overlaps",
                                     "mean_field_overlaps",
                                     "network.patterns"};
  if (root.Slot("network").Integer("in_degree") > 0) {
    arrays.insert(arrays.end(), {"network.inputs", "network.weights"});
  }
  return arrays;
}

void CheckExpected(const Component& self, Faults& faults) {
  const size_t items = self.Reals("expected_items").size();
  for (const char* name : {"expected_peaks", "expected_peak_times"}) {
    if (self.Reals(name).size() == items) continue;
    faults.push_back({0, absl::StrCat(self.path, ".", name),
                      absl::StrCat(self.Reals(name).size(), " are given for ",
                                   items, " expected_items; give one each")});
  }
  const int64_t patterns = self.Slot("network").Integer("patterns");
  for (double item : self.Reals("expected_items")) {
    if (item <= static_cast<double>(patterns)) continue;
    faults.push_back({0, self.path + ".expected_items",
                      absl::StrCat("there is no item ", item, " of ", patterns,
                                   " patterns")});
  }
}

void CheckPatternRecall(const Component& self, const Component&,
                        Faults& faults) {
  if (!TakesNetwork(self, {"pattern_network"}, faults)) return;
  if (StepsOf(self) < 1) {
    faults.push_back({0, self.path + ".duration",
                      "duration is less than one step of the network; make it "
                      "at least network.dt"});
  }
  CheckExpected(self, faults);
}

ParameterSpec List(ParameterSpec spec) {
  spec.default_value = Value(Value::List{});
  spec.list_rank = 1;
  return spec;
}

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, series = OutputKind::kSeries,
                   array = OutputKind::kArray;
  return {
      {"rms_deviation", summary, "1", "",
       "root mean square over time and items of overlap less mean field"},
      {"sequence_length", summary, "1", "",
       "largest n for which the overlaps of items 1..n peaked one after the "
       "other"},
      {"peak_error", summary, "1", "",
       "largest |peak of the mean field - expected peak|"},
      {"peak_time_error", summary, "ms", "", "the same for the peaks' times"},
      {"deviation", series, "1", "ms",
       "root mean square over items of overlap less mean field"},
      {"peak", series, "1", "item", "largest overlap with the item"},
      {"peak_time", series, "ms", "item", "when it is reached"},
      {"mean_field_peak", series, "1", "item", "the same in the mean field"},
      {"mean_field_peak_time", series, "ms", "item", "when it is reached"},
      {"overlaps", array, "1", "",
       "of the potential with the patterns (n_steps + 1, n_patterns)"},
      {"mean_field_overlaps", array, "1", "",
       "the same in the mean field (n_steps + 1, n_patterns)"}};
}

}  // namespace

ProgramRow PatternRecallRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "pattern_recall",
      .summary =
          "a stored sequence of overlapping patterns is recalled from "
          "the first, in the network and in its mean field",
      .equation =
          "kappa_mu = (1/N) sum_i xi_i^mu h_i\n"
          "tau dkappa_mu/dt = -kappa_mu + strength kappa_(mu-1) sqrt(2/pi) / "
          "sqrt(gain_width^2 + v + |kappa|^2)\n"
          "tau dv/dt = 2 (sigma^2 - v)",
      .reference = "doi:10.1073/pnas.1918674117",
      .parameters =
          {Real("duration", "ms", 200, 0.001, 100000, "length of the recall"),
           List(Integer("expected_items", 1, 1, 10000,
                        "items whose peak in the mean field is published")),
           List(Real("expected_peaks", "1", 0, 0, 1000, "published peaks")),
           List(Real("expected_peak_times", "ms", 0, 0, 100000,
                     "published times of the peaks"))},
      .slots = {{.name = "network",
                 .kind = Kind::kNetwork,
                 .many = false,
                 .optional = false,
                 .default_type = "pattern_network",
                 .meaning = "the network that stores the patterns"}},
      .outputs = Outputs(),
      .check = CheckPatternRecall};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            return std::make_unique<PatternRecall>(root, seed, context);
          },
          EstimatePatternRecall, ArraysOfPatternRecall};
}

}  // namespace engram
