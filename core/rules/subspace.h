#pragma once

#include <cstdint>

#include "core/rules/column_sum.h"
#include "core/rules/tiled_rule.h"
#include "core/spec/component.h"

namespace engram {

// Oja's subspace rule:
//
//   dw_ij/dt = eta r_i (r_j - sum_k r_k w_kj),   k over all postsynaptic units
//
//   r  (n_pre), (n_post)  rate    [1]
//   w  (n_post, n_pre)    weight  [1]
//
// With r_post = w r_pre and small eta the rows of w tend to an orthonormal
// basis of the span of the n_post leading eigenvectors of the correlations of
// r_pre; which basis, the start decides. Holds no trace.
//
// Source: Oja (1989), Int. J. Neural Syst. 1:61-68,
// doi:10.1142/S0129065789000475.
template <class Real>
class Subspace final : public TiledRule<Real, Subspace<Real>> {
 public:
  static constexpr bool kReadsColumn = true;

  Subspace(const Component& component, const RuleShape&)
      : eta_(component.Real("eta")) {}

  // All of a column's sum is taken before its first weight changes.
  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return [eta = static_cast<Real>(eta_ * s.dt), post = s.post.data(),
            rest = s.pre[static_cast<size_t>(column.pre)] -
                   Reconstruction(s.post.data(), column)](int64_t i, Real) {
      return eta * (post[i] * rest);
    };
  }

 private:
  template <class Column>
  static Real Reconstruction(const Real* post, const Column& column) {
    const Real* w = column.weights;
    return SumInLanes<Real>(
        column.size, [&](int64_t k) { return post[column.post(k)] * w[k]; });
  }

  double eta_;  // learning rate [1/ms]
};

}  // namespace engram
