// An interval is shown between two flashes, "ready" and "set"; the answer is to
// go when gain times as much has passed since "set" ended.
//
// The measured interval begins with the end of fixation, so "ready" lies in it.
// The last period is twice as long as the interval asked for; its right action
// is to go at one step, at half of it.
//
// Source: Remington et al. (2018), doi:10.1016/j.neuron.2018.05.020.

#include <algorithm>

#include "core/tasks/trials/timed_task.h"

namespace engram {
namespace {

enum : size_t { kFixationPeriod, kReady, kMeasure, kSet };

PeriodTable Periods() {
  return {{"fixation", Lasting(100)},
          {"ready", Lasting(83)},
          {"measure", UniformBetween(800, 1500), true},
          {"set", Lasting(83)}};
}

class ReadySetGo final : public TimedTask {
 public:
  ReadySetGo(const Component& c, uint64_t seed, absl::string_view purpose)
      : TimedTask(c, seed, purpose, {.channels = 3, .outputs = 2}, Periods()),
        gain_(c.Real("gain")) {}

  int64_t most_steps() const override {
    const int64_t before =
        timing().Most(kFixationPeriod) +
        std::max(timing().Most(kReady),
                 timing().Most(kMeasure) + timing().Most(kSet));
    return before + Shown(timing().Most(kMeasure));
  }

  void Draw(int64_t number, Trial& trial) const override {
    const int64_t measured = timing().Steps(kMeasure, number);
    const int64_t begin = timing().Steps(kFixationPeriod, number);
    const int64_t set = begin + measured;
    const int64_t flash = timing().Steps(kSet, number);
    trial.AddPeriod("fixation", begin);
    trial.AddPeriod("ready", timing().Steps(kReady, number));
    trial.AddPeriodAt("measure", begin, measured);
    trial.AddPeriodAt("set", set, flash);
    trial.AddPeriodAt("production", set + flash, Shown(measured));
    trial.EndPeriods();
    const Period& production = trial.At("production");
    trial.ShowAlways(kFixation, 1);
    trial.Hide(kFixation, production);
    trial.Show(1, trial.At("ready"), 1);
    trial.Show(2, trial.At("set"), 1);
    trial.Ask(0, production);
    trial.SetAction(1, production.begin + Times(gain_, measured));
  }

 private:
  static int64_t Times(double gain, int64_t steps) {
    return static_cast<int64_t>(gain * static_cast<double>(steps) + 1e-9);
  }
  // Steps of the last period.
  int64_t Shown(int64_t measured) const {
    return std::max<int64_t>(1, Times(2 * gain_, measured));
  }

  double gain_;
};

}  // namespace

TrialTaskRow ReadySetGoRow() {
  return RowOfTimed<ReadySetGo>(
      {.type = "ready_set_go",
       .summary = "measure an interval, then produce it: action 1 at its end",
       .equation = "go at gain times the interval between ready and set, after "
                   "the end of set",
       .reference = "doi:10.1016/j.neuron.2018.05.020",
       .parameters = {Real("gain", "1", 1, 0, 10,
                           "interval to produce, as a multiple of that which "
                           "was measured")}},
      80, Periods);
}

}  // namespace engram
