// Which of two noisy stimuli is the larger? The answer is given after a delay.
//
// Source: Inagaki et al. (2019), doi:10.1038/s41586-019-0919-7.

#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(0)},
          {"stimulus", Lasting(1150)},
          {"delay", OneOf({300, 500, 700, 900, 1200, 2000, 3200, 4000})},
          {"decision", Lasting(1500), true}};
}

class DelayResponse final : public TimedTask {
 public:
  DelayResponse(const Component& c, uint64_t seed, absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 3, .outputs = 3}, Periods()),
        cohs_(c.Reals("cohs")) {
    for (double& coh : cohs_) coh *= c.Real("stim_scale");
  }

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t choice = 1 + Below(2, 0, number);
    const double coh = Pick(cohs_, 1, number);
    Lay(number, trial);
    const Period& stimulus = trial.At("stimulus");
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    trial.Show(choice, stimulus, (1 + coh / 100) / 2);
    trial.Show(3 - choice, stimulus, (1 - coh / 100) / 2);
    AddNoise(number, stimulus, 1, 3, trial);
    trial.Ask(choice, trial.At("decision"));
  }

 private:
  std::vector<double> cohs_;  // [%]
};

}  // namespace

TrialTaskRow PerceptualDecisionMakingDelayResponseRow() {
  return RowOfTimed<DelayResponse>(
      {.type = "perceptual_decision_making_delay_response",
       .summary = "two noisy stimuli: choose the larger one after a delay",
       .equation = "s = (1 +- stim_scale coh / 100) / 2 + sigma / sqrt(dt) "
                   "N(0, 1)",
       .reference = "doi:10.1038/s41586-019-0919-7",
       .parameters = {Sigma(),
                      RealList("cohs", "%", {0, 6.4, 12.8, 25.6, 51.2}, -100,
                               100, "coherences, drawn with equal shares"),
                      Real("stim_scale", "1", 1, 0, 100,
                           "coherences are multiplied by it")}},
      100, Periods, [](const Component& self, Faults& faults) {
        CheckNotEmpty(self, "cohs", faults);
      });
}

}  // namespace engram
