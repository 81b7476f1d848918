// Parametric working memory: which of two frequencies, with a delay between
// them, is the higher one?
//
// Source: Barak, Tsodyks and Romo (2010), doi:10.1523/JNEUROSCI.1559-10.2010.

#include <algorithm>
#include <limits>

#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(500)},
          {"stimulus1", Lasting(500)},
          {"delay", Lasting(1000)},
          {"stimulus2", Lasting(500)},
          {"decision", Lasting(100), true}};
}

class DelayComparison final : public TimedTask {
 public:
  DelayComparison(const Component& c, uint64_t seed, absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 2, .outputs = 3}, Periods()),
        pairs_(c.RealRows("vpairs")) {
    for (const std::vector<double>& pair : pairs_) {
      for (const double value : pair) {
        low_ = std::min(low_, value);
        high_ = std::max(high_, value);
      }
    }
  }

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t choice = Below(2, 0, number);
    const std::vector<double>& pair = Pick(pairs_, 1, number);
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    trial.Show(1, trial.At("stimulus1"), Level(pair[choice == 0 ? 0 : 1]));
    trial.Show(1, trial.At("stimulus2"), Level(pair[choice == 0 ? 1 : 0]));
    trial.HideAll(trial.At("decision"));
    for (const char* period : {"stimulus1", "stimulus2"}) {
      AddNoise(number, trial.At(period), 0, 2, trial);
    }
    trial.Ask(1 + choice, trial.At("decision"));
  }

 private:
  // From 0.5 for the least of all to 1 for the greatest.
  double Level(double value) const {
    return (1 + (value - low_) / (high_ - low_)) / 2;
  }

  std::vector<std::vector<double>> pairs_;  // [Hz]
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

ParameterSpec Pairs() {
  ParameterSpec spec =
      Real("vpairs", "Hz", 0, 0, 1e6,
           "pairs of values, the one that wins first; which of a pair comes "
           "first is drawn");
  spec.list_rank = 2;
  Value::List pairs;
  for (const double v : {18, 22, 26, 30, 34}) {
    pairs.push_back(Value(Value::List{Value(v), Value(v - 8)}));
  }
  spec.default_value = Value(std::move(pairs));
  return spec;
}

void CheckPairs(const Component& self, Faults& faults) {
  const std::vector<std::vector<double>> pairs = self.RealRows("vpairs");
  const bool fit =
      !pairs.empty() && std::ranges::all_of(pairs, [](const auto& pair) {
        return pair.size() == 2 && pair[0] > pair[1];
      });
  if (fit) return;
  faults.push_back({0, self.path + ".vpairs",
                    "wanted at least one pair, each of two values with the "
                    "larger one first"});
}

}  // namespace

TrialTaskRow DelayComparisonRow() {
  return RowOfTimed<DelayComparison>(
      {.type = "delay_comparison",
       .summary = "parametric working memory: which of two frequencies is "
                  "higher, action 1 for the first",
       .equation = "s = (1 + (v - v_min) / (v_max - v_min)) / 2 + sigma / "
                   "sqrt(dt) N(0, 1)",
       .reference = "doi:10.1523/JNEUROSCI.1559-10.2010",
       .parameters = {Sigma(), Pairs()}},
      100, Periods, CheckPairs);
}

}  // namespace engram
