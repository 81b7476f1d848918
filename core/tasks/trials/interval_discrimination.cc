// Which of two stimuli lasted longer?
//
// Source: Genovesio, Tsujimoto and Wise (2009),
// doi:10.1016/j.neuron.2009.06.018.

#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

PeriodTable Periods() {
  return {{"fixation", Lasting(300)},
          {"stim1", UniformBetween(300, 600)},
          {"delay1", UniformBetween(800, 1500)},
          {"stim2", UniformBetween(300, 600)},
          {"delay2", Lasting(500)},
          {"decision", Lasting(300), true}};
}

class IntervalDiscrimination final : public TimedTask {
 public:
  IntervalDiscrimination(const Component& c, uint64_t seed,
                         absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 3, .outputs = 3}, Periods()) {}

  // Equal ones, in steps, count as if the second were longer.
  void Draw(int64_t number, Trial& trial) const override {
    Lay(number, trial);
    const Period& first = trial.At("stim1");
    const Period& second = trial.At("stim2");
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, trial.At("decision"));
    trial.Show(1, first, 1);
    trial.Show(2, second, 1);
    const bool is_first = first.end - first.begin > second.end - second.begin;
    trial.Ask(is_first ? 1 : 2, trial.At("decision"));
  }
};

}  // namespace

TrialTaskRow IntervalDiscriminationRow() {
  return RowOfTimed<IntervalDiscrimination>(
      {.type = "interval_discrimination",
       .summary = "which of two stimuli lasted longer: action 1 for the first, "
                  "2 for the second or for both alike",
       .equation = "channel k is 1 while stimulus k lasts",
       .reference = "doi:10.1016/j.neuron.2009.06.018"},
      80, Periods);
}

}  // namespace engram
