// Shapes come one after another, each at another place, and stay. Each has a
// weight; the sum of weights is the decimal logarithm of the odds that the
// second choice is right.
//
//   P(choice 2) = 1 / (1 + 10^-sum)
//
// Source: Yang and Shadlen (2007), doi:10.1038/nature05852.

#include <algorithm>
#include <numbers>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

enum : size_t { kFixationPeriod, kStimulus, kDelay, kDecision };

PeriodTable Periods() {
  return {{"fixation", Lasting(500)},
          {"stimulus", Lasting(500)},
          {"delay", UniformBetween(450, 550)},
          {"decision", Lasting(500), true}};
}

int64_t Size(const Component& c) {
  return static_cast<int64_t>(c.Reals("shape_weight").size());
}

class ProbabilisticReasoning final : public TimedTask {
 public:
  ProbabilisticReasoning(const Component& c, uint64_t seed,
                         absl::string_view purpose)
      : TimedTask(c, seed, purpose,
                  {.channels = 1 + Size(c) * c.Integer("n_loc"), .outputs = 3},
                  Periods()),
        places_(seed, c.path, absl::StrCat("places of ", purpose)),
        weights_(c.Reals("shape_weight")),
        n_loc_(c.Integer("n_loc")) {}

  int64_t most_steps() const override {
    return timing().Most(kFixationPeriod) + n_loc_ * timing().Most(kStimulus) +
           timing().Most(kDelay) + timing().Most(kDecision);
  }

  // Elements of conditions: whether the odds come true, then the shapes.
  void Draw(int64_t number, Trial& trial) const override {
    Lay(number, trial);
    const auto shapes = static_cast<int64_t>(weights_.size());
    std::vector<int64_t> places(static_cast<size_t>(n_loc_));
    places_.Permutation(number, places);
    const int64_t shown_until = trial.At("delay").begin;
    double log_odds = 0;
    for (int64_t k = 0; k < n_loc_; ++k) {
      const int64_t shape = Below(shapes, 1 + k, number);
      log_odds += weights_[static_cast<size_t>(shape)];
      const int64_t place = places[static_cast<size_t>(k)];
      Period shown = trial.At(absl::StrCat("stimulus", k));
      shown.end = shown_until;
      trial.Show(1 + place * shapes + shape, shown, 1);
    }
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    const double p = math::Logistic(std::numbers::ln10 * log_odds);
    trial.Ask(Uniform(0, number) < p ? 2 : 1, trial.At("decision"));
  }

 private:
  void Lay(int64_t number, Trial& trial) const {
    trial.AddPeriod("fixation", timing().Steps(kFixationPeriod, number));
    for (int64_t k = 0; k < n_loc_; ++k) {
      trial.AddPeriod(absl::StrCat("stimulus", k),
                      timing().Steps(kStimulus, number, k));
    }
    trial.AddPeriod("delay", timing().Steps(kDelay, number));
    trial.AddPeriod("decision", timing().Steps(kDecision, number));
    trial.EndPeriods();
  }

  RandomStream places_;
  std::vector<double> weights_;
  int64_t n_loc_;
};

}  // namespace

TrialTaskRow ProbabilisticReasoningRow() {
  return RowOfTimed<ProbabilisticReasoning>(
      {.type = "probabilistic_reasoning",
       .summary = "add up what shapes say, and choose the likelier side",
       .equation = "P(action 2 is right) = 1 / (1 + 10^(-sum of weights))",
       .reference = "doi:10.1038/nature05852",
       .parameters =
           {RealList("shape_weight", "1",
                     {-10, -0.9, -0.7, -0.5, -0.3, 0.3, 0.5, 0.7, 0.9, 10},
                     -100, 100,
                     "of each shape: decimal logarithm of the odds for action "
                     "2"),
            Integer("n_loc", 4, 1, 100, "places, and shapes of a trial")}},
      100, Periods, [](const Component& self, Faults& faults) {
        CheckNotEmpty(self, "shape_weight", faults);
      });
}

}  // namespace engram
