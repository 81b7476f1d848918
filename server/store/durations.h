#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

namespace engram::store {

// How long something took, as monitoring reads it.
struct DurationHistogram {
  struct Bucket {
    double at_most_s = 0;
    int64_t count = 0;  // of this bucket alone
  };
  std::vector<Bucket> buckets;  // in order; longer ones are in `count` alone
  int64_t count = 0;
  double sum_s = 0;
};

// Counts durations in fixed steps, from a tenth of a millisecond (a commit on a
// fast disk) to ten seconds. One thread adds, any reads.
class Durations {
 public:
  void Add(double seconds);
  DurationHistogram Read() const;

 private:
  static constexpr std::array<double, 16> kSteps = {
      1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2,
      5e-2, 0.1,    0.25, 0.5,  1,      2.5,  5,    10};
  std::array<std::atomic<int64_t>, kSteps.size() + 1> counts_{};
  std::atomic<double> sum_s_ = 0;
};

}  // namespace engram::store
