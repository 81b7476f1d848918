#include "absl/strings/str_cat.h"
#include "core/programs/attractor_recall.h"
#include "core/programs/binary_cost.h"
#include "core/programs/binary_recall.h"
#include "core/programs/catalog.h"
#include "core/programs/network_slot.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC: time for one
// weight in one application of a rule.
constexpr double kRuleWeight = 0.4e-9;  // [s]

int64_t CuesOf(const Component& root) {
  const int64_t cues = root.Integer("cues");
  return cues == 0 ? root.Integer("patterns") : cues;
}

Estimate EstimateAttractorRecall(const Component& root) {
  const Component& network = root.Slot("network");
  const bool is_plastic = root.Find("rule") != nullptr;
  const int64_t rule_steps = is_plastic ? root.Integer("rule_steps") : 0;
  const int64_t recalls = (is_plastic ? 2 : 1) * CuesOf(root);
  const double steps = static_cast<double>(root.Integer("steps"));
  const double courses = 8 * steps * static_cast<double>(CuesOf(root));
  const double weights = WeightsOf(network);
  const double patterns = static_cast<double>(root.Integer("patterns"));
  return {.seconds = StoreSeconds(network, patterns) +
                     static_cast<double>(recalls + rule_steps) * steps *
                         UpdateSeconds(network) +
                     kRuleWeight * static_cast<double>(rule_steps) * weights,
          .memory_bytes =
              BinaryMemory(network, patterns) + static_cast<int64_t>(courses),
          .record_bytes = static_cast<int64_t>(2 * courses +
                                               (is_plastic ? 8 * weights : 0)),
          .ticks = recalls + rule_steps,
          .tick_name = "recall"};
}

std::vector<std::string> ArraysOfAttractorRecall(const Component& root) {
  std::vector<std::string> arrays = {"tick", "overlaps", "overlaps_before",
                                     "courses"};
  if (root.Slot("network").Integer("in_degree") > 0) {
    arrays.insert(arrays.end(), {"network.inputs", "network.counts"});
  } else {
    arrays.push_back("network.weights");
  }
  if (const Component* rule = root.Find("rule")) {
    for (const std::string& name : ArraysOfPlasticity(*rule)) {
      arrays.push_back("rule." + name);
    }
  }
  arrays.push_back("patterns");
  return arrays;
}

void CheckAttractorRecall(const Component& self, const Component&,
                          Faults& faults) {
  if (!TakesNetwork(self, {"binary_network"}, faults)) return;
  CheckRecall(self, faults);
  if (self.Integer("cues") > self.Integer("patterns")) {
    faults.push_back({0, self.path + ".cues",
                      absl::StrCat("there are more cues than patterns (",
                                   self.Integer("patterns"),
                                   "); make it at most that, or 0 for all")});
  }
  const Component* rule = self.Find("rule");
  if (rule == nullptr) return;
  constexpr Signal kGiven[] = {Signal::kRates};
  CheckSignals(*rule, kGiven, "a binary network", faults);
  if (self.Slot("network").Integer("in_degree") == 0) return;
  faults.push_back({0, rule->path,
                    "a rule changes full weights here; leave it out or make "
                    "network.in_degree 0"});
}

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = {
      Integer("patterns", 16, 1, 32767, "patterns P that are stored"),
      Integer("cues", 0, 0, 32767, "patterns that are asked for; 0: all"),
      Integer("rule_steps", 400, 1, 1000000,
              "how often the rule is applied, where there is one")};
  for (ParameterSpec& parameter : RecallParameters()) {
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, series = OutputKind::kSeries;
  return {
      {"load", summary, "1", "", "patterns stored per input of a unit"},
      {"overlap", summary, "1", "",
       "mean over cues of the overlap with the pattern that is due"},
      {"smallest_overlap", summary, "1", "", "the smallest of them"},
      {"retrieved", summary, "1", "", "share of them of at least 0.9"},
      {"overlap_before", summary, "1", "",
       "mean overlap before the rule was applied"},
      {"overlap", series, "1", "pattern", "overlap after the cue by a pattern"},
      {"overlap_before", series, "1", "pattern",
       "the same before the rule was applied"},
      {"courses", OutputKind::kArray, "1", "",
       "overlap with the pattern that is due (n_steps, n_cues)"}};
}

}  // namespace

ProgramRow AttractorRecallRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "attractor_recall",
      .summary =
          "random patterns stored in a binary network are recalled from "
          "cues, before and after a rule acts on its states of rest",
      .equation = "m = (1/N) sum_i xi_i s_i",
      .reference = "doi:10.1073/pnas.79.8.2554",
      .parameters = Parameters(),
      .slots = {{.name = "network",
                 .kind = Kind::kNetwork,
                 .many = false,
                 .optional = false,
                 .default_type = "binary_network",
                 .meaning = "the network that stores the patterns"},
                {.name = "rule",
                 .kind = Kind::kRule,
                 .many = false,
                 .optional = true,
                 .default_type = "",
                 .meaning = "applied for 1 ms to each state of rest"}},
      .outputs = Outputs(),
      .check = CheckAttractorRecall};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            return std::make_unique<AttractorRecall>(root, seed, context);
          },
          EstimateAttractorRecall, ArraysOfAttractorRecall};
}

}  // namespace engram
