#pragma once

#include "core/base/array.h"
#include "core/rules/tiled_rule.h"
#include "core/spec/component.h"

namespace engram {

// Spike-timing dependent plasticity of all pairs, averaged over Poisson spikes:
//
//   dw_ij/dt = eta (a_plus r_i p_j - a_minus q_i r_j)
//   tau_plus dp/dt = -p + r_pre,   tau_minus dq/dt = -q + r_post
//
//   r  (n_pre), (n_post)  rate                [1]
//   p  (n_pre)            presynaptic trace   [1]
//   q  (n_post)           postsynaptic trace  [1]
//   w  (n_post, n_pre)    weight              [1]
//
// A weight grows when its postsynaptic unit is active after its presynaptic
// one, and falls in the other order. With equal amplitudes and time constants
// the change is antisymmetric. Unbounded. Euler steps; a step uses the traces
// as they were before it.
//
// Source: Kempter, Gerstner, van Hemmen (1999),
// doi:10.1103/PhysRevE.59.4498.
template <class Real>
class StdpRate final : public TiledRule<Real, StdpRate<Real>> {
 public:
  StdpRate(const Component& component, const RuleShape& shape);

  // The two products are rounded alike for (i, j) and (j, i), so that equal
  // amplitudes give exact antisymmetry.
  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return [eta = static_cast<Real>(eta_ * s.dt), a_plus = a_plus_,
            a_minus = a_minus_, post = s.post.data(), q = q_.data(),
            pre = s.pre[static_cast<size_t>(column.pre)],
            p = p_[column.pre]](int64_t i, Real) {
      return eta * (a_plus * (post[i] * p) - a_minus * (q[i] * pre));
    };
  }
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  double eta_;        // learning rate [1/ms]
  Real a_plus_;       // potentiation [1]
  Real a_minus_;      // depression [1]
  double tau_plus_;   // [ms]
  double tau_minus_;  // [ms]
  Array<Real> p_, q_;
};

}  // namespace engram
