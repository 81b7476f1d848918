// Two stimuli with a delay between them; the answer to two of the four pairs is
// to go.
//
// Source: Zhang et al. (2019), doi:10.7554/eLife.43191.

#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(0)},          {"stim1", Lasting(1000)},
          {"delay_btw_stim", Lasting(1000)}, {"stim2", Lasting(1000)},
          {"delay_aft_stim", Lasting(1000)}, {"decision", Lasting(500), true}};
}

class DelayPairedAssociation final : public TimedTask {
 public:
  DelayPairedAssociation(const Component& c, uint64_t seed,
                         absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 5, .outputs = 2}, Periods()) {}

  // Go with an even difference: (1, 3) and (2, 4).
  void Draw(int64_t number, Trial& trial) const override {
    const int64_t first = 1 + Below(2, 0, number);
    const int64_t second = 3 + Below(2, 1, number);
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    trial.Show(first, trial.At("stim1"), 1);
    trial.Show(second, trial.At("stim2"), 1);
    trial.Ask((second - first) % 2 == 0 ? 1 : 0, trial.At("decision"));
  }
};

}  // namespace

TrialTaskRow DelayPairedAssociationRow() {
  return RowOfTimed<DelayPairedAssociation>(
      {.type = "delay_paired_association",
       .summary = "go when the second stimulus belongs to the first one",
       .equation = "pairs (1, 3), (1, 4), (2, 3), (2, 4); go for (1, 3) and "
                   "(2, 4)",
       .reference = "doi:10.7554/eLife.43191"},
      100, Periods);
}

}  // namespace engram
