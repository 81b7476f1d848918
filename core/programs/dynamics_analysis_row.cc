#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/analyses/catalog.h"
#include "core/analyses/spiking/network_analysis.h"
#include "core/analyses/systems/catalog.h"
#include "core/programs/catalog.h"
#include "core/programs/dynamics_analysis.h"
#include "core/spec/find_row.h"

namespace engram {
namespace {

constexpr int64_t kProcess = 32 << 20;  // [bytes] without any array

Estimate EstimateDynamicsAnalysis(const Component& root) {
  const Component& system = root.Slot("system");
  const double n = static_cast<double>(SystemRowOf(system).size(system));
  Estimate estimate{.seconds = 0,
                    .memory_bytes = kProcess + static_cast<int64_t>(64 * n * n),
                    .record_bytes = 0,
                    .ticks = 0,
                    .tick_name = "part"};
  for (const Component& analysis : root.Slots("analyses")) {
    const auto bytes = static_cast<int64_t>(BytesOfSystemAnalysis(analysis, n));
    estimate.seconds += EstimateSystemAnalysis(analysis, n);
    estimate.memory_bytes += bytes;
    estimate.record_bytes += bytes;
  }
  estimate.ticks =
      PartsOfSystemAnalyses(root.Slots("analyses"), static_cast<int64_t>(n));
  return estimate;
}

std::vector<std::string> ArraysOfDynamicsAnalysis(const Component& root) {
  std::vector<std::string> arrays =
      ArraysOfSystemAnalyses(root.Slots("analyses"));
  arrays.insert(arrays.begin(), "part");
  return arrays;
}

// What the analysis needs and the system has not, as a sentence; empty when it
// has all.
std::string Lacking(const AnalysisRow& row, const Component& system) {
  const SystemRow& known = SystemRowOf(system);
  if (row.make_system == nullptr) {
    return absl::StrCat(row.spec.type,
                        " reads a recall, which no system has; put it among "
                        "the analyses of sequence_learning");
  }
  if (row.reads.flow && system.type == "trained_network") {
    return absl::StrCat(
        row.spec.type,
        " drives a system in continuous time, and trained_network goes step by "
        "step; put network_timescales or activity_dimensionality among the "
        "analyses of its supervised_training");
  }
  if (row.reads.weights && !known.has_weights(system)) {
    return absl::StrCat(row.spec.type, " reads weights, and ", system.type,
                        " has none; a stored_network or rate_populations has");
  }
  if (row.reads.other_weights && system.type != "stored_network") {
    return absl::StrCat(row.spec.type,
                        " compares a stored_network with "
                        "others; ",
                        system.type, " is none");
  }
  if (row.reads.patterns && !known.has_patterns(system)) {
    return absl::StrCat(
        row.spec.type, " reads stored patterns, and ", system.type,
        " has none here; record snapshots: {task.patterns: [final]} in the "
        "run, and give them as patterns of a stored_network");
  }
  return "";
}

void Check(const Component& self, const Component&, Faults& faults) {
  std::set<std::string> seen;
  const Component& system = self.Slot("system");
  if (self.Slots("analyses").empty()) {
    faults.push_back({0, self.path + ".analyses",
                      "nothing is looked at; name at least one analysis, such "
                      "as {type: fixed_points}"});
  }
  for (const Component& analysis : self.Slots("analyses")) {
    if (!seen.insert(StatePath(analysis)).second) {
      faults.push_back(
          {0, analysis.path,
           "a second analysis writes under the same name; give each its own"});
    }
    if (RefusesNetworkAnalysis(analysis, faults)) continue;
    const std::string lacking =
        Lacking(RowOf(AnalysisRows(), analysis.type), system);
    if (!lacking.empty()) faults.push_back({0, analysis.path, lacking});
  }
}

std::vector<SlotSpec> Slots() {
  return {{.name = "system",
           .kind = Kind::kSystem,
           .many = false,
           .optional = false,
           .default_type = "",
           .meaning = "what is looked at"},
          {.name = "analyses",
           .kind = Kind::kAnalysis,
           .many = true,
           .optional = true,
           .default_type = "",
           .meaning = "what is found out about it; at least one"}};
}

}  // namespace

ProgramRow DynamicsAnalysisRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "dynamics_analysis",
      .summary =
          "fixed points, attractors, phase plane and weight structure of a "
          "system, or of what another run has left",
      .equation = "",
      .reference = "doi:10.1162/NECO_a_00409",
      .parameters = {},
      .slots = Slots(),
      .outputs = {},
      .check = Check};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            return std::make_unique<DynamicsAnalysis>(root, seed, context);
          },
          EstimateDynamicsAnalysis, ArraysOfDynamicsAnalysis};
}

}  // namespace engram
