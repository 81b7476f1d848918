// Random dots again, with a delay; in half of the trials a safe option is
// offered during the delay, as one more channel. Taught, the answer is the
// direction; what the safe option is worth shows in a network's confidence.
//
// Source: Kiani and Shadlen (2009), doi:10.1126/science.1169405.

#include <algorithm>

#include "core/tasks/trials/ring.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

constexpr Ring kRing{2};
constexpr int64_t kSure = 3;  // channel, and action

enum : size_t { kFixationPeriod, kStimulus, kDelay, kPreSure, kDecision };

PeriodTable Periods() {
  return {{"fixation", Lasting(100)},
          {"stimulus", TruncatedExponential(180, 100, 900)},
          {"delay", TruncatedExponential(1350, 1200, 1800)},
          {"pre_sure", UniformBetween(500, 750)},
          {"decision", Lasting(100), true}};
}

class PostDecisionWager final : public TimedTask {
 public:
  PostDecisionWager(const Component& c, uint64_t seed,
                    absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 4, .outputs = 4}, Periods()),
        cohs_(c.Reals("cohs")) {}

  // What comes before the safe option is part of the delay.
  int64_t most_steps() const override {
    return timing().Most(kFixationPeriod) + timing().Most(kStimulus) +
           std::max(timing().Most(kDelay), timing().Most(kPreSure)) +
           timing().Most(kDecision);
  }

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t choice = Below(kRing.size, 0, number);
    const bool has_wager = Below(2, 2, number) == 0;
    Lay(number, has_wager, trial);
    const Period& stimulus = trial.At("stimulus");
    for (const char* period : {"fixation", "stimulus", "delay"}) {
      trial.Show(kFixation, trial.At(period), 1);
    }
    kRing.ShowCoherence(1, stimulus, choice, Pick(cohs_, 1, number), trial);
    AddNoise(number, stimulus, 0, shape().channels, trial);
    if (has_wager) {
      trial.Show(kSure, trial.At("delay"), 1);
      trial.Show(kSure, trial.At("decision"), 1);
      trial.Hide(kSure, trial.At("pre_sure"));
    }
    trial.Ask(1 + choice, trial.At("decision"));
  }

 private:
  void Lay(int64_t number, bool has_wager, Trial& trial) const {
    trial.AddPeriod("fixation", timing().Steps(kFixationPeriod, number));
    trial.AddPeriod("stimulus", timing().Steps(kStimulus, number));
    trial.AddPeriod("delay", timing().Steps(kDelay, number));
    const Period delay = trial.At("delay");
    if (has_wager) {
      trial.AddPeriodAt("pre_sure", delay.begin,
                        timing().Steps(kPreSure, number));
    }
    trial.AddPeriodAt("decision", delay.end, timing().Steps(kDecision, number));
    trial.EndPeriods();
  }

  std::vector<double> cohs_;  // [%]
};

}  // namespace

TrialTaskRow PostDecisionWagerRow() {
  return RowOfTimed<PostDecisionWager>(
      {.type = "post_decision_wager",
       .summary = "random dots with a delay, and a safe option in half of the "
                  "trials",
       .equation = "s_i = 0.5 + coh / 200 cos(theta_i - theta) + sigma / "
                   "sqrt(dt) N(0, 1)",
       .reference = "doi:10.1126/science.1169405",
       .parameters = {Sigma(),
                      RealList("cohs", "%", {0, 3.2, 6.4, 12.8, 25.6, 51.2},
                               -100, 100,
                               "coherences, drawn with equal shares")}},
      100, Periods, [](const Component& self, Faults& faults) {
        CheckNotEmpty(self, "cohs", faults);
      });
}

}  // namespace engram
