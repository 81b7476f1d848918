#pragma once

#include <cstdint>
#include <vector>

#include "core/base/array.h"

namespace engram {

// Which units come before which, read off weights alone: the antisymmetric part
// A = (W - W') / 2 says of each pair who leads, and how clearly. Potentials s
// with
//
//   minimum of sum_ij |A_ij| (s_i - s_j - sign A_ij)^2,   sum s = 0
//
// place each unit one step behind those that lead it: of a chain of any length
// they are its places. They solve L s = 2 A 1 with the Laplacian L of 2 |A|.
//
// Source: Jiang, Lim, Yao, Ye (2011), doi:10.1007/s10107-010-0419-x (HodgeRank,
// with |A| as the weight of a comparison).
struct Precedence {
  std::vector<double> potential;  // of each unit [steps]
  std::vector<int64_t> order;     // units by rising potential
  // Share of sum |A_ij| that agrees with s_i - s_j = sign A_ij, as 1 less the
  // minimum over its value at s = 0: 1 for a chain, 0 for a cycle.
  double gradient_share = 0;
  // Share of the positive weights that leads from earlier to later units.
  double forward_share = 0;
};

// O(n^3). Of symmetric weights all potentials are 0, and units keep their
// order.
Precedence ComputePrecedence(const Array<double>& w);

// Mean over i of W[order[i + d], order[i]] for d = -(n - 1)..n - 1, without
// d = 0, which is 0; element d + n - 1.
std::vector<double> OrderedBands(const Array<double>& w,
                                 const std::vector<int64_t>& order);

}  // namespace engram
