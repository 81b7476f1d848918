#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/programs/binary_cost.h"
#include "core/programs/binary_recall.h"
#include "core/programs/capacity_scan.h"
#include "core/programs/catalog.h"
#include "core/programs/network_slot.h"

namespace engram {
namespace {

Estimate EstimateCapacityScan(const Component& root) {
  const Component& network = root.Slot("network");
  const std::vector<double> patterns = root.Reals("patterns");
  const double cues = static_cast<double>(root.Integer("cues"));
  const double steps = static_cast<double>(root.Integer("steps"));
  double seconds = 0;
  for (double count : patterns) {
    seconds +=
        StoreSeconds(network, count) + cues * steps * UpdateSeconds(network);
  }
  const double recalls = cues * static_cast<double>(patterns.size());
  return {.seconds = seconds,
          .memory_bytes = BinaryMemory(network, patterns.back()) +
                          static_cast<int64_t>(8 * recalls),
          .record_bytes = static_cast<int64_t>(32 * recalls),
          .ticks = static_cast<int64_t>(recalls),
          .tick_name = "recall"};
}

std::vector<std::string> ArraysOfCapacityScan(const Component&) {
  return {"tick", "overlaps"};
}

void CheckCapacityScan(const Component& self, const Component&,
                       Faults& faults) {
  if (!TakesNetwork(self, {"binary_network"}, faults)) return;
  CheckRecall(self, faults);
  const std::vector<double> patterns = self.Reals("patterns");
  if (patterns.empty() ||
      std::ranges::adjacent_find(patterns, std::greater_equal<>()) !=
          patterns.end()) {
    faults.push_back({0, self.path + ".patterns",
                      "patterns is a rising list of numbers of patterns, such "
                      "as [50, 100, 150]"});
    return;
  }
  if (static_cast<double>(self.Integer("cues")) <= patterns.front()) return;
  faults.push_back(
      {0, self.path + ".cues",
       absl::StrCat("there are more cues than the ", patterns.front(),
                    " patterns to begin with; make it at most that")});
}

std::vector<ParameterSpec> Parameters() {
  ParameterSpec patterns =
      Integer("patterns", 1, 1, 32767, "numbers of patterns, rising");
  patterns.list_rank = 1;
  patterns.default_value.reset();
  std::vector<ParameterSpec> parameters = {
      std::move(patterns),
      Integer("cues", 1, 1, 1000, "recalls at each number of patterns"),
      Real("criterion", "1", 0.5, 0, 1,
           "mean overlap through which it falls at the capacity")};
  for (ParameterSpec& parameter : RecallParameters()) {
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

}  // namespace

ProgramRow CapacityScanRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "capacity_scan",
      .summary =
          "one number of random patterns after the other is stored in a "
          "binary network, up to where recall breaks down",
      .equation = "load = patterns / K, K inputs a unit",
      .reference = "doi:10.1088/0305-4470/31/47/005",
      .parameters = Parameters(),
      .slots = {{.name = "network",
                 .kind = Kind::kNetwork,
                 .many = false,
                 .optional = false,
                 .default_type = "binary_network",
                 .meaning = "the network that stores the patterns"}},
      .outputs =
          {{"capacity", OutputKind::kSummary, "1", "",
            "load at which the mean overlap falls through the criterion"},
           {"overlap", OutputKind::kSeries, "1", "patterns",
            "mean over cues of the overlap with the pattern due"},
           {"overlaps", OutputKind::kArray, "1", "",
            "of each cue (n_cues, n_loads)"}},
      .check = CheckCapacityScan};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            return std::make_unique<CapacityScan>(root, seed, context);
          },
          EstimateCapacityScan, ArraysOfCapacityScan};
}

}  // namespace engram
