#pragma once

#include "core/base/array.h"
#include "core/rules/tiled_rule.h"
#include "core/spec/component.h"

namespace engram {

// Covariance rule: Hebb's rule on rates less their running means.
//
//   dw_ij/dt = eta (r_i - m_i) (r_j - m_j)
//   tau_mean dm/dt = -m + r,   m = m_0 at the start
//
//   r  (n_pre), (n_post)  rate          [1]
//   m  (n_pre), (n_post)  running mean  [1]
//   w  (n_post, n_pre)    weight        [1]
//
// Symmetric in i and j. Weights fall between units of which one is active
// without the other. Unbounded. Euler steps; a step uses the means as they were
// before it.
//
// Source: Sejnowski (1977), J. Math. Biol. 4:303-321,
// doi:10.1007/BF00275079.
template <class Real>
class Covariance final : public TiledRule<Real, Covariance<Real>> {
 public:
  Covariance(const Component& component, const RuleShape& shape);

  void Prepare(const Signals<Real>& s) override;
  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return
        [eta = static_cast<Real>(eta_ * s.dt), post = post_.data(),
         pre = s.pre[static_cast<size_t>(column.pre)] - mean_pre_[column.pre]](
            int64_t i, Real) { return eta * (post[i] * pre); };
  }
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  double eta_;       // learning rate [1/ms]
  double tau_mean_;  // [ms]
  Array<Real> mean_pre_, mean_post_;
  Array<Real> post_;  // scratch: r_i - m_i
};

}  // namespace engram
