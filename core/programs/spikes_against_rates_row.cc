#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/programs/catalog.h"
#include "core/programs/spikes_against_rates.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC: time for one
// weight under the rule on rates, and for one unit, in a step.
constexpr double kWeight = 0.6e-9, kUnit = 15e-9;  // [s]
constexpr int64_t kProcess = 32 << 20;             // [bytes] without any array

double StepsOfATrial(const Component& root) {
  const Component& task = root.Slot("task");
  return (static_cast<double>(task.Integer("items")) *
              task.Real("item_duration") +
          task.Real("silence")) /
         root.Real("dt");
}

Estimate EstimateSpikesAgainstRates(const Component& root) {
  const double units = static_cast<double>(root.Integer("units"));
  const double items = static_cast<double>(root.Slot("task").Integer("items"));
  const double trials = static_cast<double>(root.Integer("repetitions"));
  return {
      .seconds = trials * StepsOfATrial(root) *
                 (kWeight * units * units + kUnit * units),
      .memory_bytes = kProcess + static_cast<int64_t>(8 * 4 * units * units),
      .record_bytes = static_cast<int64_t>(32 * trials + 16 * items * items +
                                           16 * units * units),
      .ticks = root.Integer("repetitions"),
      .tick_name = "trial"};
}

std::vector<std::string> ArraysOfSpikesAgainstRates(const Component& root) {
  std::vector<std::string> arrays = {"trial"};
  for (const char* slot : {"spike_rule", "rate_rule"}) {
    arrays.push_back(absl::StrCat(slot, ".weights"));
    for (const std::string& name : ArraysOfPlasticity(root.Slot(slot))) {
      arrays.push_back(absl::StrCat(slot, ".", name));
    }
  }
  return arrays;
}

void CheckTask(const Component& self, Faults& faults) {
  const Component& task = self.Slot("task");
  const auto refuse = [&](const char* name, std::string message) {
    faults.push_back({0, absl::StrCat(task.path, ".", name), message});
  };
  if (task.type != "item_sequence") {
    faults.push_back({0, task.path,
                      absl::StrCat(task.type,
                                   " gives no items to fire for; "
                                   "take item_sequence")});
    return;
  }
  const int64_t wanted = task.Integer("items") * task.Integer("units_per_item");
  if (wanted > self.Integer("units")) {
    refuse("units_per_item",
           absl::StrCat("the items need ", wanted, " units, and units = ",
                        self.Integer("units"), "; make them fit"));
  }
  if (task.Real("item_duration") < self.Real("dt")) {
    refuse("item_duration", absl::StrCat("item_duration is less than one step, "
                                         "dt = ",
                                         self.Real("dt"), " ms"));
  }
}

void CheckSpikesAgainstRates(const Component& self, const Component&,
                             Faults& faults) {
  constexpr Signal kSpikes[] = {Signal::kSpikes}, kRates[] = {Signal::kRates};
  CheckSignals(self.Slot("spike_rule"), kSpikes, "its spike train", faults);
  CheckSignals(self.Slot("rate_rule"), kRates, "its rate course", faults);
  CheckTask(self, faults);
  const double largest = std::max(self.Real("rate_in"), self.Real("rate_out"));
  if (largest * self.Real("dt") > 1000) {
    faults.push_back({0, self.path + ".dt",
                      absl::StrCat("a rate of ", largest,
                                   " Hz is more than one spike in every step "
                                   "of ",
                                   self.Real("dt"), " ms; make dt smaller")});
  }
}

SlotSpec RuleSlot(std::string name, std::string default_type,
                  std::string meaning) {
  return {.name = std::move(name),
          .kind = Kind::kRule,
          .many = false,
          .optional = false,
          .default_type = std::move(default_type),
          .meaning = std::move(meaning)};
}

}  // namespace

ProgramRow SpikesAgainstRatesRow() {
  ComponentSpec spec{
      .kind = Kind::kProgram,
      .type = "spikes_against_rates",
      .summary =
          "an item network fires Poisson spikes: what a rule on spikes writes "
          "is compared with what a rule on their rates writes",
      .equation =
          "B_kl = mean of w_ij over i in item k, j in item l, i != j\n"
          "B_spikes = a + block_slope B_rates",
      .reference = "doi:10.1103/PhysRevE.59.4498",
      .parameters = {Integer("units", 100, 2, 10000, "units of the network"),
                     Real("dt", "ms", 0.5, 0.001, 100, "step"),
                     Integer("repetitions", 50, 1, 100000,
                             "presentations of the sequence"),
                     Real("rate_in", "Hz", 50, 0, 10000,
                          "of a unit while its item is presented"),
                     Real("rate_out", "Hz", 1, 0, 10000,
                          "of a unit otherwise")},
      .slots = {{.name = "task",
                 .kind = Kind::kTask,
                 .many = false,
                 .optional = false,
                 .default_type = "item_sequence",
                 .meaning = "the sequence"},
                RuleSlot("spike_rule", "stdp_pair", "reads the spikes"),
                RuleSlot("rate_rule", "stdp_rate", "reads the rates, in 1/ms")},
      .outputs = {{"correlation", OutputKind::kSeries, "1", "trial",
                   "of the two rules' mean weights between items, so far"},
                  {"slope", OutputKind::kSeries, "1", "trial",
                   "by which the spikes' weights rise with the rates', so far"},
                  {"block_correlation", OutputKind::kSummary, "1", "",
                   "the correlation after the last trial"},
                  {"block_slope", OutputKind::kSummary, "1", "",
                   "the slope after the last trial"},
                  {"spike_blocks", OutputKind::kArray, "1", "",
                   "mean weight by the spikes, to item (row) from item"},
                  {"rate_blocks", OutputKind::kArray, "1", "",
                   "the same by the rates"}},
      .check = CheckSpikesAgainstRates};
  return {std::move(spec),
          [](const Component& root, uint64_t seed,
             Context context) -> std::unique_ptr<Program> {
            return std::make_unique<SpikesAgainstRates>(root, seed, context);
          },
          EstimateSpikesAgainstRates, ArraysOfSpikesAgainstRates};
}

}  // namespace engram
