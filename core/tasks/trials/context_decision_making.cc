// Two stimuli at once, say motion and colour, with directions of their own; a
// context says which of them counts.
//
// The context is fixed, and has to be found out, or is drawn anew for each
// trial and shown by two more channels, from beginning to end.
//
// Source: Mante et al. (2013), doi:10.1038/nature12742.

#include "core/tasks/trials/ring.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(300)},
          {"stimulus", Lasting(750)},
          {"delay", TruncatedExponential(600, 300, 3000)},
          {"decision", Lasting(100), true}};
}

class ContextDecisionMaking final : public TimedTask {
 public:
  ContextDecisionMaking(const Component& c, uint64_t seed,
                        absl::string_view purpose)
      : TimedTask(c, seed, purpose,
                  {.channels = 1 + 2 * c.Integer("dim_ring") +
                               (c.Boolean("use_expl_context") ? 2 : 0),
                   .outputs = 1 + c.Integer("dim_ring")},
                  Periods()),
        ring_{c.Integer("dim_ring")},
        is_shown_(c.Boolean("use_expl_context")),
        fixed_(c.Integer("impl_context_modality")),
        cohs_(c.Reals("cohs")) {}

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t choice = Below(ring_.size, 0, number);
    const int64_t other = Below(ring_.size, 1, number);
    const int64_t context = is_shown_ ? Below(2, 2, number) : fixed_;
    Lay(number, trial);
    const Period& stimulus = trial.At("stimulus");
    trial.Show(kFixation, trial.At("fixation"), 1);
    for (int64_t m = 0; m < 2; ++m) {
      ring_.ShowCoherence(1 + m * ring_.size, stimulus,
                          m == context ? choice : other,
                          Pick(cohs_, 3 + m, number), trial);
    }
    AddNoise(number, stimulus, 1, 1 + 2 * ring_.size, trial);
    trial.HideAll(trial.At("decision"));
    if (is_shown_) trial.ShowAlways(1 + 2 * ring_.size + context, 1);
    trial.Ask(1 + choice, trial.At("decision"));
  }

 private:
  Ring ring_;
  bool is_shown_;
  int64_t fixed_;
  std::vector<double> cohs_;  // [%]
};

}  // namespace

TrialTaskRow ContextDecisionMakingRow() {
  return RowOfTimed<ContextDecisionMaking>(
      {.type = "context_decision_making",
       .summary = "two noisy stimuli: choose the direction of the one that "
                  "the context tells",
       .equation = "s_i = 0.5 + coh / 200 cos(theta_i - theta) + sigma / "
                   "sqrt(dt) N(0, 1), for each of two modalities",
       .reference = "doi:10.1038/nature12742",
       .parameters =
           {Sigma(),
            Integer("dim_ring", 2, 2, 1000, "directions of a modality"),
            RealList("cohs", "%", {5, 15, 50}, -100, 100,
                     "coherences, drawn for each modality with equal shares"),
            Boolean("use_expl_context", false,
                    "draw the context for each trial and show it"),
            Integer("impl_context_modality", 0, 0, 1,
                    "that counts where the context is not shown")}},
      100, Periods, [](const Component& self, Faults& faults) {
        CheckNotEmpty(self, "cohs", faults);
      });
}

}  // namespace engram
