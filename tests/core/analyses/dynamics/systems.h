#pragma once

#include <memory>
#include <vector>

#include "core/analyses/dynamics/overlap_dynamics.h"
#include "core/analyses/dynamics/rate_dynamics.h"

namespace engram {

// M as rows; units of 20 ms, without input.
inline RateDynamics Units(const std::vector<std::vector<double>>& rows,
                          GainFunction gain) {
  const int64_t n = static_cast<int64_t>(rows.size());
  Array<double> coupling(n, n), tau(n);
  for (int64_t i = 0; i < n; ++i) {
    tau[i] = 20;
    for (int64_t j = 0; j < n; ++j) {
      coupling(i, j) = rows[static_cast<size_t>(i)][static_cast<size_t>(j)];
    }
  }
  return {std::move(coupling), Array<double>(n), std::move(tau), gain};
}

// Two neighbouring items of ten, gain 2 and inhibition 2.
inline RateDynamics TwoItems(double self, double forward, double backward) {
  const double k = 0.2;
  return Units(
      {{2 * self - k, 2 * backward - k}, {2 * forward - k, 2 * self - k}},
      {GainShape::kLogistic, 0.5, 0.1});
}

}  // namespace engram
