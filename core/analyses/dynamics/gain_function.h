#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"

namespace engram {

// How the rate of a unit follows from its potential, with u = (x - theta) / t:
//
//   logistic  phi = 1 / (1 + exp(-u))
//   tanh      phi = tanh(u)
//   erf       phi = erf(u / sqrt 2)
enum class GainShape { kLogistic, kTanh, kErf };

struct GainFunction {
  GainShape shape = GainShape::kLogistic;
  double theta = 0;  // [1]
  double t = 1;      // width [1]

  void Rates(const Array<double>& x, Array<double>& rate) const;
  // phi' and phi'' at x, given the rates there.
  void Slopes(const Array<double>& x, const Array<double>& rate,
              Array<double>& slope, Array<double>& curvature) const;
};

}  // namespace engram
