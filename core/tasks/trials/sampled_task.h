#pragma once

#include <cmath>
#include <utility>

#include "core/tasks/trials/drawn_task.h"

namespace engram {

// A task as PsychRNN has it: trials of one length, T, looked at at the times
// k dt; numbers are wanted, high for what is right, and count where a mask says
// so. The choice is the largest number in the mean over those steps.
//
// Source: Ehrlich et al. (2021), doi:10.1523/ENEURO.0427-20.2020; defaults
// are those of the package PsychRNN, version 1.0.0.
class SampledTask : public DrawnTask {
 public:
  int64_t most_steps() const override { return steps_; }

 protected:
  static constexpr double kHigh = 1, kLow = 0.2;

  SampledTask(const Component& c, uint64_t seed, absl::string_view purpose,
              TrialShape shape)
      : DrawnTask(c, seed, purpose, shape),
        dt_(c.Real("dt")),
        duration_(c.Real("T")),
        steps_(static_cast<int64_t>(std::ceil(duration_ / dt_ - 1e-9))),
        noise_(c.Real("stim_noise")) {}

  double dt() const { return dt_; }              // [ms]
  double duration() const { return duration_; }  // [ms]
  double noise() const { return noise_; }
  // [ms]
  double TimeOf(int64_t step) const { return static_cast<double>(step) * dt_; }

  // One period, in which nothing counts yet.
  void Begin(Trial& trial) const {
    trial.AddPeriod("trial", steps_);
    trial.EndPeriods();
    for (int64_t t = 0; t < steps_; ++t) trial.SetWeight(t, 0);
  }
  void AddNoise(int64_t number, double sd, Trial& trial) const {
    DrawnTask::AddNoise(number, sd, trial.At("trial"), 0, shape().channels,
                        trial);
  }
  // Of a step: sqrt(2 0.01 sqrt(10) sqrt(dt)) stim_noise.
  double StepNoise() const {
    return std::sqrt(2 * 0.01 * std::sqrt(10.0) * std::sqrt(dt_)) * noise_;
  }
  static void WantChoice(int64_t choice, int64_t step, Trial& trial) {
    for (int64_t k = 0; k < trial.shape().outputs; ++k) {
      trial.wanted(k, step) = k == choice ? kHigh : kLow;
    }
  }

 private:
  double dt_, duration_;
  int64_t steps_;
  double noise_;
};

template <class T>
TrialTaskRow RowOfSampled(ComponentSpec spec) {
  spec.parameters.insert(
      spec.parameters.begin(),
      {Real("dt", "ms", 10, 0.01, 1000, "a step"),
       Real("T", "ms", 2000, 1, 1e7, "how long a trial is"),
       Real("stim_noise", "1", 0.1, 0, 1000, "noise of the stimulus")});
  return RowOfTrials<T>(std::move(spec));
}

}  // namespace engram
