// In which direction do random dots move? A choice among directions of a ring,
// from a noisy stimulus of some coherence.
//
// Who sums the stimulus of n = 2 directions over T ms is right with
// probability Phi(coh / 100 sqrt(T / 2) / sigma).
//
// Source: Britten et al. (1992), J. Neurosci. 12:4745-4765.

#include "core/tasks/trials/ring.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(100)},
          {"stimulus", Lasting(2000)},
          {"delay", Lasting(0)},
          {"decision", Lasting(100), true}};
}

class PerceptualDecisionMaking final : public TimedTask {
 public:
  PerceptualDecisionMaking(const Component& c, uint64_t seed,
                           absl::string_view purpose)
      : TimedTask(c, seed, purpose,
                  {.channels = 1 + c.Integer("dim_ring"),
                   .outputs = 1 + c.Integer("dim_ring")},
                  Periods()),
        ring_{c.Integer("dim_ring")},
        cohs_(c.Reals("cohs")) {}

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t choice = Below(ring_.size, 0, number);
    Lay(number, trial);
    trial.Show(kFixation, trial.At("fixation"), 1);
    const Period& stimulus = trial.At("stimulus");
    ring_.ShowCoherence(1, stimulus, choice, Pick(cohs_, 1, number), trial);
    AddNoise(number, stimulus, 1, 1 + ring_.size, trial);
    trial.Ask(1 + choice, trial.At("decision"));
  }

 private:
  Ring ring_;
  std::vector<double> cohs_;  // [%]
};

}  // namespace

TrialTaskRow PerceptualDecisionMakingRow() {
  return RowOfTimed<PerceptualDecisionMaking>(
      {.type = "perceptual_decision_making",
       .summary = "random dots: choose the direction of a noisy stimulus",
       .equation = "s_i = 0.5 + coh / 200 cos(theta_i - theta) + sigma / "
                   "sqrt(dt) N(0, 1)",
       .reference = "doi:10.1523/JNEUROSCI.12-12-04745.1992",
       .parameters = {Sigma(),
                      Integer("dim_ring", 2, 2, 1000,
                              "directions: channels and choices"),
                      RealList("cohs", "%", {0, 6.4, 12.8, 25.6, 51.2}, -100,
                               100, "coherences, drawn with equal shares")}},
      100, Periods, [](const Component& self, Faults& faults) {
        CheckNotEmpty(self, "cohs", faults);
      });
}

}  // namespace engram
