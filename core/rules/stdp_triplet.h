#pragma once

#include "core/rules/spike_rule.h"
#include "core/rules/spike_trace.h"
#include "core/spec/component.h"

namespace engram {

// Triplet rule of spike-timing dependent plasticity:
//
//   at a presynaptic spike    dw = -o_1 (a2_minus + a3_minus r_2)
//   at a postsynaptic spike   dw = +r_1 (a2_plus + a3_plus o_2)
//
//   r_1, r_2  (n_pre)          presynaptic traces of tau_plus, tau_x     [1]
//   o_1, o_2  (n_post)         postsynaptic traces of tau_minus, tau_y   [1]
//   w         (n_post, n_pre)  weight                                    [1]
//
// All traces are read as they were before the spikes of the same step. All
// triplets count, or the nearest ones (a spike sets its traces to 1).
// Unbounded.
//
// Constants for all triplets, fitted by the authors, tau_plus = 16.8 ms,
// tau_minus = 33.7 ms:
//
//                              a2_plus  a3_plus  a2_minus  a3_minus  tau_x
//                              tau_y
//   visual cortex              5e-10    6.2e-3   7e-3      2.3e-4    101   125
//   visual cortex, minimal     0        6.5e-3   7.1e-3    0         -     114
//   hippocampus                6.1e-3   6.7e-3   1.6e-3    1.4e-3    946   27
//   hippocampus, minimal       5.3e-3   8.0e-3   3.5e-3    0         -     40
//
// Source: Pfister and Gerstner (2006), J. Neurosci. 26:9673-9682,
// doi:10.1523/JNEUROSCI.1425-06.2006, tables 3 and 4.
template <class Real>
class StdpTriplet final : public SpikeRule<Real, StdpTriplet<Real>> {
 public:
  StdpTriplet(const Component& component, const RuleShape& shape);

  auto AtPreSpike(int64_t pre) const {
    return [o_1 = o_1_.data(), scale = -(a2_minus_ + a3_minus_ * r_2_[pre])](
               int64_t i, Real) { return scale * o_1[i]; };
  }
  auto AtPostSpike(int64_t pre) const {
    return [this, r_1 = r_1_[pre]](int64_t i, Real) {
      return r_1 * (a2_plus_ + a3_plus_ * o_2_[i]);
    };
  }
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  Real a2_plus_, a3_plus_, a2_minus_, a3_minus_;  // [weight]
  SpikeTrace<Real> r_1_, r_2_, o_1_, o_2_;
};

}  // namespace engram
