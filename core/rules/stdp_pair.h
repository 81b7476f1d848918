#pragma once

#include "core/base/math.h"
#include "core/rules/spike_rule.h"
#include "core/rules/spike_trace.h"
#include "core/spec/component.h"

namespace engram {

// Pair-based spike-timing dependent plasticity. A pair of spikes that are
// Delta = t_post - t_pre apart changes the weight by
//
//   Delta > 0:  +a_plus  (1 - w / w_max)^mu  exp(-Delta / tau_plus)
//   Delta < 0:  -a_minus (w / w_max)^mu      exp(Delta / tau_minus)
//
// through a trace of each side: at a postsynaptic spike the presynaptic trace
// is read, at a presynaptic spike the postsynaptic one, each as it was before
// the spikes of the same step.
//
//   p  (n_pre)          presynaptic trace   [1]
//   q  (n_post)         postsynaptic trace  [1]
//   w  (n_post, n_pre)  weight              [1]
//
// mu = 0 is the additive form, 1 the multiplicative one, between them a power
// law; outside of [0, w_max] a factor counts as 0 or 1. All pairs count, or for
// each spike the nearest one before it on the other side (a spike sets its
// trace to 1 instead of raising it by 1). The additive form wants bounds.
//
// Source: Bi and Poo (1998), doi:10.1523/JNEUROSCI.18-24-10464.1998; Song,
// Miller, Abbott (2000), doi:10.1038/78829; Guetig et al. (2003),
// doi:10.1523/JNEUROSCI.23-09-03697.2003; pairings, Morrison, Diesmann,
// Gerstner (2008), doi:10.1007/s00422-008-0233-1.
template <class Real>
class StdpPair final : public SpikeRule<Real, StdpPair<Real>> {
 public:
  StdpPair(const Component& component, const RuleShape& shape);

  auto AtPreSpike(int64_t) const {
    return [this](int64_t i, Real w) {
      return -a_minus_ * Factor(w * per_w_max_) * q_[i];
    };
  }
  auto AtPostSpike(int64_t pre) const {
    return [this, trace = p_[pre]](int64_t, Real w) {
      return a_plus_ * Factor(1 - w * per_w_max_) * trace;
    };
  }
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  // x^mu for x clipped to [0, 1].
  Real Factor(Real x) const {
    if (mu_ == 0) return 1;
    const Real clipped = x < 0 ? Real{0} : (x > 1 ? Real{1} : x);
    if (mu_ == 1) return clipped;
    return static_cast<Real>(math::Pow(static_cast<double>(clipped), mu_));
  }

  Real a_plus_, a_minus_;  // [weight]
  double mu_;              // [1]
  Real per_w_max_;         // [1/weight]
  SpikeTrace<Real> p_, q_;
};

}  // namespace engram
