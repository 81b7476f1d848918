#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// What a task shows and what it wants to know.
struct TrialShape {
  int64_t channels = 1;  // of observations
  // With actions: how many there are, 0 among them, which is to fixate.
  // Otherwise: how many numbers are wanted.
  int64_t outputs = 1;
  bool has_actions = true;
  // The largest of the wanted numbers is a choice.
  bool has_choice = false;
};

// A stretch of a trial that has a name: steps [begin, end). Periods may be
// empty, and may lie over each other.
struct Period {
  std::string name;
  int64_t begin = 0;
  int64_t end = 0;
};

// One trial: periods, what is observed at each step, and what is right then.
// An agent goes through it step by step, a network that is taught takes it
// whole; both read the same.
class Trial {
 public:
  explicit Trial(const TrialShape& shape) : shape_(shape) {}

  // Periods come first. Without a begin one follows the last that was added.
  void AddPeriod(absl::string_view name, int64_t steps);
  void AddPeriodAt(absl::string_view name, int64_t begin, int64_t steps);
  // Then arrays are sized: observations are 0, the right action is to fixate,
  // wanted numbers are 0, every step counts, no step asks for a choice.
  void EndPeriods();

  int64_t steps() const { return steps_; }
  const std::vector<Period>& periods() const { return periods_; }
  const Period& At(absl::string_view name) const;
  const TrialShape& shape() const { return shape_; }

  double& observation(int64_t channel, int64_t step) {
    return observations_[Index(step, shape_.channels, channel)];
  }
  double observation(int64_t channel, int64_t step) const {
    return observations_[Index(step, shape_.channels, channel)];
  }
  // Adds to a channel in a period, in the whole trial; sets to 0.
  void Show(int64_t channel, const Period& period, double value);
  void ShowAlways(int64_t channel, double value);
  void Hide(int64_t channel, const Period& period);
  void HideAll(const Period& period);

  // The right action at a step. Where one is asked for, fixating included, the
  // trial is judged by it.
  void Ask(int64_t action, const Period& period);
  void SetAction(int64_t action, int64_t step) {
    actions_[At(step)] = static_cast<int32_t>(action);
  }
  int32_t action(int64_t step) const { return actions_[At(step)]; }
  bool is_asked(int64_t step) const { return asked_[At(step)] != 0; }

  // Numbers that are wanted, and how much a step counts.
  double& wanted(int64_t output, int64_t step) {
    return wanted_[Index(step, shape_.outputs, output)];
  }
  double wanted(int64_t output, int64_t step) const {
    return wanted_[Index(step, shape_.outputs, output)];
  }
  void SetWeight(int64_t step, double weight) { weights_[At(step)] = weight; }
  double weight(int64_t step) const { return weights_[At(step)]; }

 private:
  static size_t At(int64_t step) { return static_cast<size_t>(step); }
  static size_t Index(int64_t step, int64_t size, int64_t i) {
    return static_cast<size_t>(step * size + i);
  }

  TrialShape shape_;
  int64_t steps_ = 0;
  std::vector<Period> periods_;
  std::vector<double> observations_, wanted_, weights_;
  std::vector<int32_t> actions_;
  std::vector<uint8_t> asked_;
};

}  // namespace engram
