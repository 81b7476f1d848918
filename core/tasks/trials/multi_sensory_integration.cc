// Two senses show the same direction; what there is of coherence is shared out
// between them at random, so both must be added.
//
// Source: the package neurogym, version 2.3.1; compare Raposo, Kaufman and
// Churchland (2014), doi:10.1038/nn.3865.

#include "core/tasks/trials/ring.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(300)},
          {"stimulus", Lasting(750)},
          {"decision", Lasting(100), true}};
}

class MultiSensoryIntegration final : public TimedTask {
 public:
  MultiSensoryIntegration(const Component& c, uint64_t seed,
                          absl::string_view purpose)
      : TimedTask(c, seed, purpose,
                  {.channels = 1 + 2 * c.Integer("dim_ring"),
                   .outputs = 1 + c.Integer("dim_ring")},
                  Periods()),
        ring_{c.Integer("dim_ring")},
        cohs_(c.Reals("cohs")) {}

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t choice = Below(ring_.size, 0, number);
    const double coh = Pick(cohs_, 1, number);
    const double share = Uniform(2, number);
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    const Period& stimulus = trial.At("stimulus");
    ring_.ShowCoherence(1, stimulus, choice, coh * share, trial);
    ring_.ShowCoherence(1 + ring_.size, stimulus, choice, coh * (1 - share),
                        trial);
    AddNoise(number, stimulus, 0, shape().channels, trial);
    trial.HideAll(trial.At("decision"));
    trial.Ask(1 + choice, trial.At("decision"));
  }

 private:
  Ring ring_;
  std::vector<double> cohs_;  // [%]
};

}  // namespace

TrialTaskRow MultiSensoryIntegrationRow() {
  return RowOfTimed<MultiSensoryIntegration>(
      {.type = "multi_sensory_integration",
       .summary = "choose the direction that two senses show together",
       .equation = "coherences coh u and coh (1 - u), u uniform; noise sigma "
                   "/ sqrt(dt) N(0, 1) on all channels",
       .reference = "doi:10.1038/nn.3865",
       .parameters = {Sigma(),
                      Integer("dim_ring", 2, 2, 1000, "directions of a sense"),
                      RealList("cohs", "%", {5, 15, 50}, -100, 100,
                               "coherences of both senses together, drawn "
                               "with equal shares")}},
      100, Periods, [](const Component& self, Faults& faults) {
        CheckNotEmpty(self, "cohs", faults);
      });
}

}  // namespace engram
