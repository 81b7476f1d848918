#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/tasks/sequence_task.h"

namespace engram {

// Items of two units each, (0, 1), (2, 3), ..., recalled for `steps` steps.
class PairTask final : public SequenceTask {
 public:
  PairTask(int64_t items, int64_t steps) : items_(items), steps_(steps) {
    for (int64_t unit = 0; unit < 2 * items; ++unit) units_.push_back(unit);
  }

  int64_t items() const override { return items_; }
  std::span<const int64_t> units_of(int64_t item) const override {
    return std::span(units_).subspan(static_cast<size_t>(2 * item), 2);
  }
  double active_above() const override { return 0.5; }
  int64_t trial_steps() const override { return 1; }
  void TrialInput(int64_t, std::span<double> input) const override {
    std::fill(input.begin(), input.end(), 0.0);
  }
  int64_t recall_steps() const override { return steps_; }
  void RecallInput(int64_t, std::span<double> input) const override {
    std::fill(input.begin(), input.end(), 0.0);
  }

 private:
  int64_t items_, steps_;
  std::vector<int64_t> units_;
};

}  // namespace engram
