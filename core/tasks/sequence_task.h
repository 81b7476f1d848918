#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace engram {

// A sequence of items, each a group of units, presented in order; and a cue
// that asks for its recall. What a sequence program needs of a task. Steps are
// the network's. Immutable and thread-safe.
class SequenceTask {
 public:
  virtual ~SequenceTask() = default;
  virtual int64_t items() const = 0;
  // The units of item k (0..items-1), in the order of assignment; all items
  // have the same number of units. Two may share units where a task says so.
  virtual std::span<const int64_t> units_of(int64_t item) const = 0;
  // An item counts as active above this activity [1].
  virtual double active_above() const = 0;

  // Steps of one presentation, the silence behind it included, and the external
  // input [1] to every unit at one of them.
  virtual int64_t trial_steps() const = 0;
  virtual void TrialInput(int64_t step, std::span<double> input) const = 0;
  // The same for a recall, from a network at rest.
  virtual int64_t recall_steps() const = 0;
  virtual void RecallInput(int64_t step, std::span<double> input) const = 0;

  // The item that a recall is cued with; empty for one that noise begins.
  virtual std::optional<int64_t> cued_item() const { return 0; }
  // The item that is due after this one in the recall; empty behind the last.
  virtual std::optional<int64_t> successor(int64_t item) const {
    if (item + 1 < items()) return item + 1;
    return std::nullopt;
  }
  // All items that ever follow this one: several where sequences share it.
  virtual std::vector<int64_t> successors(int64_t item) const {
    const std::optional<int64_t> next = successor(item);
    return next ? std::vector<int64_t>{*next} : std::vector<int64_t>{};
  }
};

}  // namespace engram
