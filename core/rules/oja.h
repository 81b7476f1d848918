#pragma once

#include "core/rules/tiled_rule.h"
#include "core/spec/component.h"

namespace engram {

// Oja's rule: Hebb's rule with a decay that bounds each unit's weights.
//
//   dw_ij/dt = eta (r_i r_j - alpha r_i^2 w_ij)
//
//   r  (n_pre), (n_post)  rate    [1]
//   w  (n_post, n_pre)    weight  [1]
//
// With r_post = w r_pre and small eta each row of w tends, up to sign, to the
// leading eigenvector of the correlations of r_pre, with norm alpha^(-1/2).
// Holds no trace.
//
// Source: Oja (1982), J. Math. Biol. 15:267-273, doi:10.1007/BF00275687.
template <class Real>
class Oja final : public TiledRule<Real, Oja<Real>> {
 public:
  Oja(const Component& component, const RuleShape&)
      : eta_(component.Real("eta")),
        alpha_(static_cast<Real>(component.Real("alpha"))) {}

  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return [eta = static_cast<Real>(eta_ * s.dt), alpha = alpha_,
            post = s.post.data(),
            pre = s.pre[static_cast<size_t>(column.pre)]](int64_t i, Real w) {
      const Real r = post[i];
      return eta * (r * pre - alpha * (r * r) * w);
    };
  }

 private:
  double eta_;  // learning rate [1/ms]
  Real alpha_;  // decay [1]
};

}  // namespace engram
