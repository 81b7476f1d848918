#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/array.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// What one recall showed, gathered step by step; its memory is kept from one
// recall to the next.
class RecallTrace {
 public:
  RecallTrace(const SequenceTask& task, int64_t units, double dt);

  // Forgets the last recall.
  void Clear();
  // Adds the rates (n_units) at the end of the next step. Allocates nothing.
  void Add(std::span<const double> rate);

  int64_t items() const { return activity_.cols(); }
  int64_t steps() const { return steps_; }
  double dt() const { return dt_; }  // [ms]
  // a_k(t), mean rate of an item's units, (n_steps, n_items) [1].
  const Array<double>& activity() const { return activity_; }
  double peak(int64_t item) const;
  double at_end(int64_t item) const;
  // Largest correlation over time of the rates with the item's template (1 for
  // its units, 0 for others); empty when the rates never varied over units.
  std::optional<double> overlap(int64_t item) const;
  // Time at the end of the first step at which the item is active [ms].
  std::optional<double> onset(int64_t item) const;
  // The items that are due: the cued one (without a cue the first that became
  // active; without any, item 0) and those that follow it.
  std::vector<int64_t> expected_order() const;
  // Largest n for which the first n of them have onsets that rise strictly.
  int64_t sequence_length() const;
  bool is_active_at_end(int64_t item) const;

 private:
  // The item with the first onset; item 0 without any.
  int64_t EarliestItem() const;

  const SequenceTask& task_;
  double dt_;
  int64_t steps_ = 0;
  Array<double> activity_;
  std::vector<std::optional<double>> overlap_;
};

}  // namespace engram
