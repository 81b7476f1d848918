#pragma once

#include <cmath>
#include <utility>

#include "core/tasks/trials/drawn_task.h"
#include "core/tasks/trials/trial_timing.h"

namespace engram {

// A task whose trials are periods, as NeuroGym has them. Channel 0 tells to
// fixate, action 0 is to do so.
//
// Noise of `sigma` per root of a millisecond has the standard deviation
// sigma / sqrt(dt) a step, so what an observer can know of a stimulus depends
// on how long it lasts, not on dt.
//
// Source: Molano-Mazon et al. (2022), doi:10.31234/osf.io/aqc9n; periods,
// defaults and channels are those of the package neurogym, version 2.3.1.
class TimedTask : public DrawnTask {
 protected:
  static constexpr int64_t kFixation = 0;

  TimedTask(const Component& c, uint64_t seed, absl::string_view purpose,
            TrialShape shape, const PeriodTable& periods)
      : DrawnTask(c, seed, purpose, shape),
        timing_(c, seed, purpose, periods),
        names_(NamesOf(periods)),
        noise_sd_(c.parameters.contains("sigma")
                      ? c.Real("sigma") / std::sqrt(timing_.dt())
                      : 0) {}

  int64_t most_steps() const override {
    int64_t steps = 0;
    for (size_t k = 0; k < names_.size(); ++k) steps += timing_.Most(k);
    return steps;
  }

  // Periods one after another, as the table has them.
  void Lay(int64_t number, Trial& trial) const {
    for (size_t k = 0; k < names_.size(); ++k) {
      trial.AddPeriod(names_[k], timing_.Steps(k, number));
    }
    trial.EndPeriods();
  }

  void AddNoise(int64_t number, const Period& period, int64_t first,
                int64_t last, Trial& trial) const {
    DrawnTask::AddNoise(number, noise_sd_, period, first, last, trial);
  }

  const TrialTiming& timing() const { return timing_; }

 private:
  static std::vector<const char*> NamesOf(const PeriodTable& periods) {
    std::vector<const char*> names;
    for (const PeriodRow& row : periods) names.push_back(row.name);
    return names;
  }

  TrialTiming timing_;
  std::vector<const char*> names_;
  double noise_sd_;
};

// A row of a task with these periods and this step; further parameters stand in
// `spec`, and what must hold of them in `check`.
template <class T>
TrialTaskRow RowOfTimed(ComponentSpec spec, double dt, PeriodTable (*periods)(),
                        void (*check)(const Component&, Faults&) = nullptr) {
  spec.parameters.insert(
      spec.parameters.begin(),
      Real("dt", "ms", dt, 0.01, 10000, "a step; periods are whole steps"));
  spec.slots = PeriodSlots(periods());
  spec.check = [periods, check](const Component& self, const Component&,
                                Faults& faults) {
    CheckPeriods(self, periods(), faults);
    if (check != nullptr) check(self, faults);
  };
  TrialTaskRow row = RowOfTrials<T>(std::move(spec));
  row.has_fixation = true;
  return row;
}

inline ParameterSpec Sigma() {
  return Real("sigma", "sqrt(ms)", 1, 0, 1000,
              "noise of the stimulus: its standard deviation in a step is "
              "sigma / sqrt(dt)");
}

}  // namespace engram
