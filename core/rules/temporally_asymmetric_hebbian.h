#pragma once

#include "core/base/array.h"
#include "core/rules/tiled_rule.h"
#include "core/spec/component.h"

namespace engram {

// Temporally asymmetric Hebbian rule: the postsynaptic rate meets what is left
// of the presynaptic one.
//
//   dw_ij/dt = eta r_i p_j,   tau_plus dp/dt = -p + r_pre
//
//   r  (n_pre), (n_post)  rate               [1]
//   p  (n_pre)            presynaptic trace  [1]
//   w  (n_post, n_pre)    weight             [1]
//
// The potentiating half of rate STDP. Unbounded. Euler steps; a step uses the
// trace as it was before it.
//
// Source: Kleinfeld (1986), doi:10.1073/pnas.83.24.9469; as a rule on rates,
// Gillett, Pereira, Brunel (2020), doi:10.1073/pnas.1918674117.
template <class Real>
class TemporallyAsymmetricHebbian final
    : public TiledRule<Real, TemporallyAsymmetricHebbian<Real>> {
 public:
  TemporallyAsymmetricHebbian(const Component& component,
                              const RuleShape& shape);

  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return
        [eta = static_cast<Real>(eta_ * s.dt), post = s.post.data(),
         p = p_[column.pre]](int64_t i, Real) { return eta * (post[i] * p); };
  }
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  double eta_;       // learning rate [1/ms]
  double tau_plus_;  // [ms]
  Array<Real> p_;
};

}  // namespace engram
