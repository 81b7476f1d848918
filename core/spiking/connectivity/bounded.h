#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// A normal number of RandomStream has 53 uniform bits, so none is farther from
// 0 than sqrt(-2 log 2^-53).
inline constexpr double kFarthestNormal = 8.58;
// Likewise -log 2^-53, of an exponential one with mean 1.
inline constexpr double kFarthestExponential = 36.75;

// Numbers below `low` and above `high` are set to these, or drawn again until
// one is inside: then the distribution is cut off.
class Bounded {
 public:
  // From the parameters `low`, `high` and `outside`.
  explicit Bounded(const Component& c);

  // Brings out[i] inside; `again(i, draw)` is candidate number `draw` of the
  // same address, of which the first inside counts.
  template <class Again>
  void Apply(std::span<double> out, Again again) const {
    for (size_t i = 0; i < out.size(); ++i) {
      for (uint32_t draw = 1; !Holds(out[i]) && draw < most_draws_; ++draw) {
        out[i] = again(static_cast<int64_t>(i), draw);
      }
      out[i] = Clip(out[i]);
    }
  }

  double Clip(double x) const {
    return x < low_ ? low_ : (x > high_ ? high_ : x);
  }

 private:
  bool Holds(double x) const { return x >= low_ && x <= high_; }

  double low_, high_;
  // Draws of one number until the last is clipped. Where bounds leave a ten
  // thousandth of the distribution one number in 10^43 is.
  uint32_t most_draws_;
};

// The three parameters, and what must hold of them.
std::vector<ParameterSpec> BoundParameters();
void CheckBounds(const Component& c, const Component& root, Faults& faults);

}  // namespace engram
