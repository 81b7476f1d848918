#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/tasks/trials/trial_task.h"
#include "tests/support/experiment_tree.h"

namespace engram {

// A task, and its trials by number.
class DrawnTrials {
 public:
  explicit DrawnTrials(const std::string& yaml, uint64_t seed = 3)
      : task_(MakeTrialTask(Tree(yaml, Kind::kSupervisedTask, "task"), seed,
                            "a test")) {}

  Trial operator[](int64_t number) const {
    Trial trial(task_->shape());
    task_->Draw(number, trial);
    return trial;
  }
  const TrialTask& task() const { return *task_; }

  // Share of `trials` trials of which `says` is true; of ties it may say 0.5.
  double Share(int64_t trials,
               const std::function<double(const Trial&)>& says) const {
    double sum = 0;
    for (int64_t k = 0; k < trials; ++k) sum += says((*this)[k]);
    return sum / static_cast<double>(trials);
  }

 private:
  const ScopedNumericEnvironment environment_;
  std::unique_ptr<TrialTask> task_;
};

// Four standard errors of a share p of n trials, and one trial more.
inline double FourErrors(double p, int64_t n) {
  return 4 * std::sqrt(p * (1 - p) / static_cast<double>(n)) +
         1 / static_cast<double>(n);
}

inline double SumOf(const Trial& trial, const char* period, int64_t channel) {
  double sum = 0;
  for (int64_t t = trial.At(period).begin; t < trial.At(period).end; ++t) {
    sum += trial.observation(channel, t);
  }
  return sum;
}

// What is right in the decision.
inline int32_t AnswerOf(const Trial& trial) {
  return trial.action(trial.steps() - 1);
}

// Whether a guess at action 1 against 2 by the sign of `evidence` is right.
inline double IsRight(const Trial& trial, double evidence) {
  if (evidence == 0) return 0.5;
  return (evidence > 0 ? 1 : 2) == AnswerOf(trial) ? 1 : 0;
}

}  // namespace engram
