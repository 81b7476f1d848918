#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/spec/component.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// Items 1..K in order without a gap, each driving its own S units for
// item_duration, then silence. Units are drawn at random, without overlap; the
// rest is never driven. Recall: item 1 is driven for cue_duration, then the
// network runs free until recall_duration.
class ItemSequence final : public SequenceTask {
 public:
  // For a network of `units` units with steps of `dt` ms.
  ItemSequence(const Component& component, uint64_t seed, int64_t units,
               double dt);

  int64_t items() const override { return items_; }
  std::span<const int64_t> units_of(int64_t item) const override;
  double active_above() const override { return active_above_; }
  int64_t trial_steps() const override {
    return items_ * item_steps_ + silence_steps_;
  }
  void TrialInput(int64_t step, std::span<double> input) const override;
  int64_t recall_steps() const override { return recall_steps_; }
  void RecallInput(int64_t step, std::span<double> input) const override;

 private:
  void Drive(int64_t item, std::span<double> input) const;

  int64_t items_;           // K
  int64_t units_per_item_;  // S
  double amplitude_;        // I [1]
  double active_above_;     // [1]
  int64_t item_steps_;      // steps of the network
  int64_t silence_steps_;
  int64_t cue_steps_;
  int64_t recall_steps_;
  std::vector<int64_t> order_;  // item k has units order_[k S, (k + 1) S)
};

}  // namespace engram
