#pragma once

#include <algorithm>
#include <chrono>

namespace engram {

// When a run's state is saved: as long after the last time as that cost the
// run, fifty times, so that saving takes at most 2 % of a run.
class Cadence {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Timing {
    std::chrono::nanoseconds least = std::chrono::seconds(30);
    int cost_factor = 50;
  };

  Cadence(Timing timing, TimePoint begun) : timing_(timing), last_(begun) {}

  bool IsDue(TimePoint now) const {
    return now - last_ >= std::max(timing_.least, timing_.cost_factor * cost_);
  }
  // Also of a try that failed: it cost as much.
  void Saved(TimePoint begin, TimePoint end) {
    last_ = end;
    cost_ = end - begin;
  }

 private:
  const Timing timing_;
  TimePoint last_;
  std::chrono::nanoseconds cost_{0};
};

}  // namespace engram
