#pragma once

#include <algorithm>

#include "core/base/math.h"

namespace engram {

// Gaps between events of probability p a step are geometric: before the next
// event pass floor(log U / LogOfSilence(p)) steps, U uniform in (0, 1].
//
// log(1 - p), p in [0, 1). Below 5.5e-17 1 - p is 1, and -p is the logarithm to
// double precision. At most -1e-300, so that every gap is a number: at p = 0
// one beyond any run.
inline double LogOfSilence(double p) {
  const double log = math::Log(1 - p);
  return log < 0 ? log : -std::max(p, 1e-300);
}

}  // namespace engram
