#include "core/programs/catalog.h"
#include "core/programs/chain_formation.h"
#include "core/programs/network_slot.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC: one weight and
// one unit in one step.
constexpr double kWeight = 1.5e-9;      // [s]
constexpr double kUnit = 1e-8;          // [s]
constexpr int64_t kProcess = 32 << 20;  // [bytes] without any array

int64_t TicksOf(const Component& root) {
  return (root.Integer("steps") + ChainFormation::kStepsPerTick - 1) /
         ChainFormation::kStepsPerTick;
}

Estimate EstimateChainFormation(const Component& root) {
  const double units =
      static_cast<double>(root.Slot("network").Integer("units"));
  const double weights = units * units;
  const double ticks = static_cast<double>(TicksOf(root));
  return {.seconds = static_cast<double>(root.Integer("steps")) *
                     (kWeight * weights + kUnit * units),
          .memory_bytes = kProcess + static_cast<int64_t>(24 * weights),
          .record_bytes =
              static_cast<int64_t>(8 * weights + 64 * ticks + 32 * units),
          .ticks = TicksOf(root),
          .tick_name = "100 steps"};
}

std::vector<std::string> ArraysOfChainFormation(const Component& root) {
  std::vector<std::string> arrays = {"step", "network.state", "rule.weights"};
  for (const std::string& name : ArraysOfPlasticity(root.Slot("rule"))) {
    arrays.push_back("rule." + name);
  }
  return arrays;
}

void CheckChainFormation(const Component& self, const Component&,
                         Faults& faults) {
  if (!TakesNetwork(self, {"chain_network"}, faults)) return;
  constexpr Signal kGiven[] = {Signal::kRates};
  CheckSignals(self.Slot("rule"), kGiven, "a network of binary units", faults);
}

std::vector<OutputSpec> Outputs() {
  const OutputKind summary = OutputKind::kSummary, series = OutputKind::kSeries;
  return {
      {"single_rows", summary, "1", "", "units with exactly one strong input"},
      {"single_columns", summary, "1", "",
       "units with exactly one strong output"},
      {"longest", summary, "1", "", "units of the longest loop or chain"},
      {"loops", summary, "1", "", "closed chains"},
      {"chains", summary, "1", "", "open ones, of at least two units"},
      {"largest_weight", summary, "1", "", "largest |w|"},
      {"largest_row_sum", summary, "1", "", "largest sum of a unit's inputs"},
      {"mean_length", summary, "1", "", "mean units of loops and chains"},
      {"active_units", series, "1", "step",
       "mean number of active units since the last point"},
      {"single_rows", series, "1", "step", "units with one strong input"},
      {"single_columns", series, "1", "step", "units with one strong output"},
      {"longest", series, "1", "step", "units of the longest loop or chain"},
      {"loops_of_length", series, "1", "length", "loops of so many units"},
      {"chains_of_length", series, "1", "length", "chains of so many units"}};
}

}  // namespace

ProgramRow ChainFormationRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "chain_formation",
      .summary =
          "binary units under random input wire themselves into chains by "
          "a rule and competition between synapses",
      .equation =
          "j and i follow each other where W_ij is the only weight above "
          "strong_above of its row and of its column",
      .reference = "doi:10.1016/j.neuron.2010.02.003",
      .parameters = {Integer("steps", 20000, 1, 100000000, "steps of learning"),
                     Real("strong_above", "1", 0.5, 0, 1e9,
                          "a weight above this is strong")},
      .slots = {{.name = "network",
                 .kind = Kind::kNetwork,
                 .many = false,
                 .optional = false,
                 .default_type = "chain_network",
                 .meaning = "the network that wires itself"},
                {.name = "rule",
                 .kind = Kind::kRule,
                 .many = false,
                 .optional = false,
                 .default_type = "",
                 .meaning = "what changes the weights, with its parts"}},
      .outputs = Outputs(),
      .check = CheckChainFormation};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            return std::make_unique<ChainFormation>(root, seed, context);
          },
          EstimateChainFormation, ArraysOfChainFormation};
}

}  // namespace engram
