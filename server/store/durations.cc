#include "server/store/durations.h"

#include <algorithm>

namespace engram::store {

void Durations::Add(double seconds) {
  const auto step = std::lower_bound(kSteps.begin(), kSteps.end(), seconds);
  counts_[static_cast<size_t>(step - kSteps.begin())].fetch_add(
      1, std::memory_order_relaxed);
  sum_s_.fetch_add(seconds, std::memory_order_relaxed);
}

DurationHistogram Durations::Read() const {
  DurationHistogram read;
  for (size_t i = 0; i < counts_.size(); ++i) {
    const int64_t count = counts_[i].load(std::memory_order_relaxed);
    read.count += count;
    if (i < kSteps.size()) read.buckets.push_back({kSteps[i], count});
  }
  read.sum_s = sum_s_.load(std::memory_order_relaxed);
  return read;
}

}  // namespace engram::store
