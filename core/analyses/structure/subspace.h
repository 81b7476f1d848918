#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/array.h"

namespace engram {

// A matrix by its singular values, and how the spaces of the leading ones lie
// to those that stored patterns (n_units, n_patterns) span.
struct LowRank {
  std::vector<double> singular_values;  // falling
  // (sum s^2)^2 / sum s^4: how many singular values carry the matrix.
  double participation = 0;
  // Principal angles [rad], rising, between the patterns' space and that of as
  // many leading left (post) or right (pre) singular vectors, at most as many
  // as the matrix has.
  std::vector<double> left_angles, right_angles;
  // |P W P|^2 / |W|^2 with P the projection on the patterns' space.
  double share_in_patterns = 0;
};

// O(n^3). `patterns` may be null: then there are no angles and no share. Empty
// for a matrix of zeros.
// Source: angles by Bjoerck and Golub (1973), doi:10.1090/
// S0025-5718-1973-0348991-3; participation by Gao et al. (2017),
// doi:10.1101/214262.
std::optional<LowRank> ComputeLowRank(const Array<double>& w,
                                      const Array<double>* patterns);

}  // namespace engram
