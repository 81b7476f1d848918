#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/base/math.h"

namespace engram {

// exp(-n dt / tau) by the number of steps n >= 0: a trace is read at spikes
// alone, many steps after it was set. 0 where less than 1e-30 is left.
template <class Real>
class DecayTable {
 public:
  DecayTable(double tau, double dt)
      : rate_(dt / tau),
        values_(static_cast<size_t>(
            std::clamp(kLongest / rate_, 1.0, kMostSteps))) {
    for (size_t n = 0; n < values_.size(); ++n) values_[n] = Exact(rate_, n);
  }

  Real operator()(int64_t n) const { return view()(n); }

  // The table by value, for inner loops.
  struct View {
    const Real* values;
    size_t size;
    double rate;  // [1/step]

    Real operator()(int64_t n) const {
      const size_t k = static_cast<size_t>(n);
      return __builtin_expect(k < size, 1) ? values[k] : Beyond(rate, k);
    }
  };
  View view() const { return {values_.data(), values_.size(), rate_}; }

 private:
  static constexpr double kLongest = 70;
  static constexpr double kMostSteps = 65536;

  static Real Beyond(double rate, size_t n) {
    return rate * static_cast<double>(n) < kLongest ? Exact(rate, n) : Real{0};
  }
  static Real Exact(double rate, size_t n) {
    return static_cast<Real>(math::Exp(-rate * static_cast<double>(n)));
  }

  double rate_;  // [1/step]
  std::vector<Real> values_;
};

}  // namespace engram
