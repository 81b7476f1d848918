#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "benchmark/benchmark.h"

namespace engram {

// Times of single calls, reported as the counters p50_ms, p95_ms, p99_ms.
class Percentiles {
 public:
  template <class Call>
  void Time(const Call& call) {
    const auto begin = std::chrono::steady_clock::now();
    call();
    ms_.push_back(std::chrono::duration<double, std::milli>(
                      std::chrono::steady_clock::now() - begin)
                      .count());
  }

  void Report(benchmark::State& state) {
    std::sort(ms_.begin(), ms_.end());
    state.counters["p50_ms"] = At(0.50);
    state.counters["p95_ms"] = At(0.95);
    state.counters["p99_ms"] = At(0.99);
  }

 private:
  double At(double part) const {
    if (ms_.empty()) return 0;
    const auto last = static_cast<double>(ms_.size() - 1);
    return ms_[static_cast<size_t>(std::lround(part * last))];
  }

  std::vector<double> ms_;
};

}  // namespace engram
