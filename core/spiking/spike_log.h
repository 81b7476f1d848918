#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace engram {

// Which units of a population fired at each step of a stretch of time.
class SpikeLog {
 public:
  int64_t first_step() const { return first_; }
  int64_t end_step() const {
    return first_ + static_cast<int64_t>(begins_.size()) - 1;
  }
  // Ascending; of a step in [first_step, end_step).
  std::span<const int32_t> At(int64_t step) const {
    const size_t k = static_cast<size_t>(step - first_);
    return {units_.data() + begins_[k], units_.data() + begins_[k + 1]};
  }
  // All units from `step` on, step by step.
  int64_t CountFrom(int64_t step) const {
    return static_cast<int64_t>(units_.size() -
                                begins_[static_cast<size_t>(step - first_)]);
  }

  // The spikes of step end_step() are added in pieces, and then closed.
  void Add(std::span<const int32_t> units) {
    units_.insert(units_.end(), units.begin(), units.end());
  }
  void CloseStep() { begins_.push_back(units_.size()); }
  // Drops what was before `step`.
  void Forget(int64_t step);
  // Empties it; the next step to be added is `step`.
  void Restart(int64_t step);

 private:
  int64_t first_ = 0;
  std::vector<int32_t> units_;
  std::vector<size_t> begins_ = {0};  // of each step, and the end of the last
};

}  // namespace engram
