#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/analyses/catalog.h"
#include "core/analyses/dynamics/network_dynamics.h"
#include "core/analyses/spiking/network_analysis.h"
#include "core/networks/catalog.h"
#include "core/programs/catalog.h"
#include "core/programs/network_slot.h"
#include "core/programs/sequence_learning.h"
#include "core/programs/system_analyses.h"
#include "core/rules/catalog.h"
#include "core/spec/find_row.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC with AVX-512: time
// for one weight in one step of training (product and rule) and of recall
// (product), in the nearer caches and beyond them; for one unit's gain function
// and noise in one step; and for the eigenvalues, by one unit cubed.
constexpr double kTrainingWeight = 0.17e-9, kTrainingWeightFar = 0.4e-9;  // [s]
constexpr double kRecallWeight = 0.08e-9, kRecallWeightFar = 0.18e-9;     // [s]
constexpr double kNearWeights = 1 << 17;  // of a matrix of 1 MB
constexpr double kUnit = 3e-9;            // [s]
constexpr double kNoisyUnit = 5e-9;       // [s]
constexpr double kSpectrum = 1e-9;        // [s]
constexpr int64_t kProcess = 32 << 20;    // [bytes] without any array

struct Sizes {
  double units, items, trial_steps, recall_steps, tests, repetitions;
};

Sizes SizesOf(const Component& root) {
  const Component& network = root.Slot("network");
  const Component& task = root.Slot("task");
  const double dt = network.Real("dt");
  const double sequences = task.parameters.contains("sequences")
                               ? static_cast<double>(task.Integer("sequences"))
                               : 1;
  const double items = static_cast<double>(task.Integer("items"));
  const double repetitions = static_cast<double>(root.Integer("repetitions"));
  const double every = static_cast<double>(root.Integer("test_every"));
  return {.units = static_cast<double>(network.Integer("units")),
          .items = sequences * items,
          .trial_steps =
              sequences *
              (items * task.Real("item_duration") + task.Real("silence")) / dt,
          .recall_steps = task.Real("recall_duration") / dt,
          .tests = (every > 0 ? repetitions / every : 0) + 1,
          .repetitions = repetitions};
}

double AnalysisSeconds(const Component& root, double units) {
  double seconds = 0;
  for (const Component& analysis : root.Slots("analyses")) {
    if (RowOf(AnalysisRows(), analysis.type).make_system != nullptr) {
      seconds += EstimateSystemAnalysis(analysis, units);
    }
    if (analysis.type != "weight_structure") continue;
    const double up_to =
        static_cast<double>(analysis.Integer("spectrum_up_to"));
    if (units <= up_to) seconds += kSpectrum * units * units * units;
  }
  return seconds;
}

// Of what analyses of systems keep between their parts, and then report.
double AnalysisBytes(const Component& root, double units) {
  double bytes = 0;
  for (const Component& analysis : root.Slots("analyses")) {
    if (RowOf(AnalysisRows(), analysis.type).make_system == nullptr) continue;
    bytes += BytesOfSystemAnalysis(analysis, units);
  }
  return bytes;
}

Estimate EstimateSequenceLearning(const Component& root) {
  const Sizes s = SizesOf(root);
  const double weights = s.units * s.units;
  const double unit =
      kUnit + (root.Slot("network").Real("sigma") > 0 ? kNoisyUnit : 0.0);
  const double trained = s.repetitions * s.trial_steps;
  const double recalled = s.tests * s.recall_steps;
  const double analyses = AnalysisBytes(root, s.units);
  // Five points a trial of 16 bytes; the arrays of the analyses, and the final
  // state with its weights.
  const double record = 80 * s.repetitions + analyses +
                        8 * (2 * weights + s.recall_steps * s.items);
  const bool is_near = weights <= kNearWeights;
  const double training = is_near ? kTrainingWeight : kTrainingWeightFar;
  const double recall = is_near ? kRecallWeight : kRecallWeightFar;
  return {.seconds = trained * (training * weights + unit * s.units) +
                     recalled * (recall * weights + unit * s.units) +
                     AnalysisSeconds(root, s.units),
          .memory_bytes =
              kProcess +
              static_cast<int64_t>(
                  analyses + 8 * (8 * weights + s.recall_steps * s.items)),
          .record_bytes = static_cast<int64_t>(record),
          .ticks = root.Integer("repetitions") + 1 +
                   PartsOfSystemAnalyses(root.Slots("analyses"),
                                         static_cast<int64_t>(s.units)),
          .tick_name = "trial"};
}

std::vector<std::string> ArraysOfSequenceLearning(const Component& root) {
  std::vector<std::string> arrays = {"trial", "network.state", "network.rates",
                                     "rule.weights"};
  for (const std::string& name : ArraysOfPlasticity(root.Slot("rule"))) {
    arrays.push_back("rule." + name);
  }
  for (const std::string& name :
       ArraysOfSystemAnalyses(root.Slots("analyses"))) {
    arrays.push_back(name);
  }
  arrays.push_back("network.initial_weights");
  arrays.push_back("task.patterns");
  arrays.push_back("network.weights");
  return arrays;
}

// Every rate network of the catalog.
std::vector<std::string> RateNetworkTypes() {
  std::vector<std::string> types;
  for (const NetworkRow& row : NetworkRows()) types.push_back(row.spec.type);
  return types;
}

// An analysis of dynamics needs a network whose vector field is known.
void CheckDynamics(const Component& self, const Component& analysis,
                   Faults& faults) {
  if (RefusesNetworkAnalysis(analysis, faults)) return;
  const SystemNeeds& reads = RowOf(AnalysisRows(), analysis.type).reads;
  if (reads.other_weights) {
    faults.push_back({0, analysis.path,
                      absl::StrCat(analysis.type,
                                   " reads other runs' weights; put it among "
                                   "the analyses of dynamics_analysis")});
  }
  if (!reads.dynamics) return;
  const std::vector<std::string>& known = NetworksWithDynamics();
  const std::string& type = self.Slot("network").type;
  if (std::find(known.begin(), known.end(), type) != known.end()) return;
  faults.push_back({0, analysis.path,
                    absl::StrCat(analysis.type,
                                 " reads the network's vector field, which "
                                 "is not known for ",
                                 type, "; networks that have one: ",
                                 absl::StrJoin(known, ", "))});
}

// Outputs of two analyses of one type are told apart by name.
void CheckAnalyses(const Component& self, Faults& faults) {
  std::set<std::string> seen;
  for (const Component& analysis : self.Slots("analyses")) {
    CheckDynamics(self, analysis, faults);
    const std::string key =
        analysis.name.empty() ? analysis.type : analysis.name;
    if (seen.insert(key).second) continue;
    faults.push_back({0, analysis.path,
                      absl::StrCat("a second analysis writes under ", key,
                                   "; give each a name of its own")});
  }
}

// What was learned starts at 0, which is no norm to keep.
void CheckGoals(const Component& rule, Faults& faults) {
  for (const Component& part : rule.Slots("homeostasis")) {
    if (!part.type.ends_with("_normalisation") || part.Has("goal")) continue;
    faults.push_back({0, part.path,
                      absl::StrCat(part.type,
                                   " keeps the norm of the weights at the "
                                   "start, and here they start at 0; give it "
                                   "a goal")});
  }
}

// A rate network gives rates and nothing else.
void CheckSequenceLearning(const Component& self, const Component&,
                           Faults& faults) {
  if (!TakesNetwork(self, RateNetworkTypes(), faults)) return;
  CheckAnalyses(self, faults);
  constexpr Signal kGiven[] = {Signal::kRates};
  CheckSignals(self.Slot("rule"), kGiven, "a rate network", faults);
  CheckGoals(self.Slot("rule"), faults);
}

std::vector<OutputSpec> Outputs() {
  const OutputKind series = OutputKind::kSeries;
  return {{"weight_norm", series, "1", "trial",
           "Frobenius norm of the learned weights"},
          {"weight_change", series, "1", "trial",
           "Frobenius norm of their change in this trial"},
          {"symmetry_index", series, "1", "trial",
           "1: symmetric, -1: antisymmetric"},
          {"sequential_coupling", series, "1", "trial",
           "mean weight to the next item less that to the one before"},
          {"sequence_length", series, "1", "trial",
           "items in order in a recall after this trial"}};
}

std::vector<SlotSpec> SlotsOfSequenceLearning() {
  return {{.name = "network",
           .kind = Kind::kNetwork,
           .many = false,
           .optional = false,
           .default_type = "rate_rnn",
           .meaning = "the network that learns"},
          {.name = "task",
           .kind = Kind::kTask,
           .many = false,
           .optional = false,
           .default_type = "item_sequence",
           .meaning = "the sequence and its recall"},
          {.name = "rule",
           .kind = Kind::kRule,
           .many = false,
           .optional = false,
           .default_type = "",
           .meaning = "what changes the weights"},
          {.name = "gain_matching",
           .kind = Kind::kGainMatching,
           .many = false,
           .optional = true,
           .default_type = "",
           .meaning = "how learned weights are scaled for recall; without one, "
                      "by their strongest block"},
          {.name = "feedback",
           .kind = Kind::kFeedback,
           .many = false,
           .optional = true,
           .default_type = "",
           .meaning = "whether learned weights act back during training; "
                      "without one, they do not"},
          {.name = "analyses",
           .kind = Kind::kAnalysis,
           .many = true,
           .optional = true,
           .default_type = "",
           .meaning = "what is read off at the end"}};
}

}  // namespace

ProgramRow SequenceLearningRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "sequence_learning",
      .summary =
          "a rate network learns a sequence of items by a local rule, "
          "and is asked to recall it",
      .equation =
          "training: W = W0; recall: W = W0 + gain / (S max|B|) dW\n"
          "B_kl = mean of dW_ij over i in item k, j in item l, i != j",
      .reference = "doi:10.1073/pnas.1918674117",
      .parameters =
          {Integer("repetitions", 20, 1, 100000,
                   "presentations of the sequence"),
           Real("gain", "1", 2, 0, 1000,
                "drive by the strongest learned block at recall"),
           Integer("test_every", 1, 0, 100000,
                   "trials between recalls that are measured during training; "
                   "0: none")},
      .slots = SlotsOfSequenceLearning(),
      .outputs = Outputs(),
      .check = CheckSequenceLearning};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            return std::make_unique<SequenceLearning>(root, seed, context);
          },
          EstimateSequenceLearning, ArraysOfSequenceLearning};
}

}  // namespace engram
