#pragma once

#include <cmath>

#include "core/base/math.h"
#include "core/rules/spike_rule.h"
#include "core/rules/spike_trace.h"
#include "core/spec/component.h"

namespace engram {

// Spike-timing dependent plasticity whose potentiation grows with a power of
// the weight, and whose depression grows with the weight itself:
//
//   at a postsynaptic spike   w <- w + lambda w_0^(1 - mu) w^mu p
//   at a presynaptic spike    w <- max(w - lambda alpha w q, 0)
//
//   p  (n_pre)          presynaptic trace, tau_plus    [1]
//   q  (n_post)         postsynaptic trace, tau_minus  [1]
//   w  (n_post, n_pre)  weight                         [1]
//
// All pairs count, each trace as it is before the spikes of the same step.
// Weights are those of excitatory synapses; one below 0 counts as 0.
//
// Source: Morrison, Aertsen, Diesmann (2007), doi:10.1162/neco.2007.19.6.1437.
template <class Real>
class StdpPowerLaw final : public SpikeRule<Real, StdpPowerLaw<Real>> {
 public:
  StdpPowerLaw(const Component& component, const RuleShape& shape);

  auto AtPreSpike(int64_t) const {
    return [this](int64_t i, Real w) {
      const Real change = -depression_ * w * q_[i];
      return w + change < 0 ? -w : change;
    };
  }
  auto AtPostSpike(int64_t pre) const {
    return [this, gain = potentiation_ * p_[pre]](int64_t, Real w) {
      const double power = math::Pow(static_cast<double>(w < 0 ? 0 : w), mu_);
      return gain * static_cast<Real>(power);
    };
  }
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  double mu_;          // [1]
  Real potentiation_;  // lambda w_0^(1 - mu)
  Real depression_;    // lambda alpha [1]
  SpikeTrace<Real> p_, q_;
};

}  // namespace engram
