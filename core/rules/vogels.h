#pragma once

#include "core/rules/spike_rule.h"
#include "core/rules/spike_trace.h"
#include "core/spec/component.h"

namespace engram {

// Plasticity of inhibitory synapses that brings their targets to a rate:
//
//   at a presynaptic spike    dw = eta (q_i - alpha),   alpha = 2 rho_0 tau
//   at a postsynaptic spike   dw = eta p_j
//
//   p  (n_pre)          presynaptic trace of tau           [1]
//   q  (n_post)         postsynaptic trace of tau          [1]
//   w  (n_post, n_pre)  size of the inhibitory weight      [1]
//
// With independent Poisson spikes of rates nu_j and nu_i,
// <dw/dt> = eta nu_j (2 tau nu_i - alpha): at rest the target fires with rho_0.
// Weights want bounds from 0. All pairs count; traces are read as they were
// before the spikes of the same step.
//
// Source: Vogels, Sprekeler, Zenke, Clopath, Gerstner (2011),
// doi:10.1126/science.1211095.
template <class Real>
class Vogels final : public SpikeRule<Real, Vogels<Real>> {
 public:
  Vogels(const Component& component, const RuleShape& shape);

  auto AtPreSpike(int64_t) const {
    return [q = q_.data(), eta = eta_, alpha = alpha_](int64_t i, Real) {
      return eta * (q[i] - alpha);
    };
  }
  auto AtPostSpike(int64_t pre) const {
    return [change = eta_ * p_[pre]](int64_t, Real) { return change; };
  }
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  Real eta_;    // [weight]
  Real alpha_;  // [1]
  SpikeTrace<Real> p_, q_;
};

}  // namespace engram
