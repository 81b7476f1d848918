// One stimulus means to go after a delay, the other to stay.
//
// Source: Zhang et al. (2019), doi:10.7554/eLife.43191.

#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(0)},
          {"stimulus", Lasting(500)},
          {"delay", Lasting(500)},
          {"decision", Lasting(500), true}};
}

class GoNogo final : public TimedTask {
 public:
  GoNogo(const Component& c, uint64_t seed, absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 3, .outputs = 2}, Periods()) {}

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t go = Below(2, 0, number);
    Lay(number, trial);
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    trial.Show(1 + go, trial.At("stimulus"), 1);
    trial.Ask(go, trial.At("decision"));
  }
};

}  // namespace

TrialTaskRow GoNogoRow() {
  return RowOfTimed<GoNogo>(
      {.type = "go_nogo",
       .summary = "go after one stimulus, stay after the other",
       .equation = "channel 1: stay; channel 2: go",
       .reference = "doi:10.7554/eLife.43191"},
      100, Periods);
}

}  // namespace engram
