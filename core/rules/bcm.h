#pragma once

#include "core/base/array.h"
#include "core/rules/tiled_rule.h"
#include "core/spec/component.h"

namespace engram {

// Bienenstock, Cooper and Munro's rule with a sliding threshold:
//
//   dw_ij/dt = eta r_i (r_i - theta_i) r_j
//   tau_theta dtheta_i/dt = -theta_i + r_i^2 / r_0,   theta_0 at the start
//
//   r      (n_pre), (n_post)  rate       [1]
//   theta  (n_post)           threshold  [1]
//   w      (n_post, n_pre)    weight     [1]
//
// At a constant rate the threshold equals it at r_i = r_0. Where the threshold
// is fast against the weights, a linear unit becomes selective: it answers to
// one of its inputs with r_0 over that input's probability. Euler steps; a step
// uses the threshold as it was before it.
//
// Source: Bienenstock, Cooper, Munro (1982),
// doi:10.1523/JNEUROSCI.02-01-00032.1982; threshold as the mean square rate,
// Intrator and Cooper (1992), doi:10.1016/S0893-6080(05)80003-6.
template <class Real>
class Bcm final : public TiledRule<Real, Bcm<Real>> {
 public:
  Bcm(const Component& component, const RuleShape& shape);

  void Prepare(const Signals<Real>& s) override;
  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return [eta = static_cast<Real>(eta_ * s.dt), phi = phi_.data(),
            pre = s.pre[static_cast<size_t>(column.pre)]](int64_t i, Real) {
      return eta * (phi[i] * pre);
    };
  }
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  double eta_;        // learning rate [1/ms]
  double tau_theta_;  // [ms]
  Real r_0_;          // [1]
  Array<Real> theta_;
  Array<Real> phi_;  // scratch: r_i (r_i - theta_i)
};

}  // namespace engram
