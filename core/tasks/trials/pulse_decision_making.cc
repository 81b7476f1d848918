// On which side were there more pulses? Each bin begins with a cue in which
// each side has a pulse or not.
//
// Source: Scott et al. (2015), doi:10.7554/eLife.11308.

#include "absl/strings/str_cat.h"
#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

enum : size_t { kFixationPeriod, kCue, kBin, kDecision };

PeriodTable Periods() {
  return {{"fixation", Lasting(500)},
          {"cue", Lasting(10)},
          {"bin", Lasting(240)},
          {"decision", Lasting(500), true}};
}

class PulseDecisionMaking final : public TimedTask {
 public:
  PulseDecisionMaking(const Component& c, uint64_t seed,
                      absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 3, .outputs = 3}, Periods()),
        p_pulse_(c.Reals("p_pulse")),
        bins_(c.Integer("n_bin")) {}

  int64_t most_steps() const override {
    return timing().Most(kFixationPeriod) +
           bins_ * (timing().Most(kCue) + timing().Most(kBin)) +
           timing().Most(kDecision);
  }

  // Elements of conditions: the side that has the first share, the tie, then
  // two for each bin.
  void Draw(int64_t number, Trial& trial) const override {
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    const int64_t swap = Below(2, 0, number);
    // A tie is broken by less than a pulse.
    double lead = 0.2 * Uniform(1, number) - 0.1;
    for (int64_t k = 0; k < bins_; ++k) {
      const Period& cue = trial.At(absl::StrCat("cue", k));
      for (int64_t side = 0; side < 2; ++side) {
        const double p = p_pulse_[static_cast<size_t>(side ^ swap)];
        if (Uniform(2 + 2 * k + side, number) >= p) continue;
        trial.Show(1 + side, cue, 1);
        lead += side == 0 ? -1 : 1;
      }
    }
    trial.Ask(lead > 0 ? 2 : 1, trial.At("decision"));
  }

 private:
  void Lay(int64_t number, Trial& trial) const {
    trial.AddPeriod("fixation", timing().Steps(kFixationPeriod, number));
    for (int64_t k = 0; k < bins_; ++k) {
      trial.AddPeriod(absl::StrCat("cue", k), timing().Steps(kCue, number, k));
      trial.AddPeriod(absl::StrCat("bin", k), timing().Steps(kBin, number, k));
    }
    trial.AddPeriod("decision", timing().Steps(kDecision, number));
    trial.EndPeriods();
  }

  std::vector<double> p_pulse_;
  int64_t bins_;
};

}  // namespace

TrialTaskRow PulseDecisionMakingRow() {
  return RowOfTimed<PulseDecisionMaking>(
      {.type = "pulse_decision_making",
       .summary = "choose the side that had more pulses",
       .equation = "each side has a pulse in each bin with its probability",
       .reference = "doi:10.7554/eLife.11308",
       .parameters = {RealList("p_pulse", "1", {0.3, 0.7}, 0, 1,
                               "of a pulse, for one side and for the other; "
                               "which is which is drawn"),
                      Integer("n_bin", 6, 1, 1000, "bins of a trial")}},
      10, Periods, [](const Component& self, Faults& faults) {
        const size_t given = self.Reals("p_pulse").size();
        if (given == 2) return;
        faults.push_back({0, self.path + ".p_pulse",
                          absl::StrCat("p_pulse has ", given,
                                       " numbers; wanted 2, one for each "
                                       "side")});
      });
}

}  // namespace engram
