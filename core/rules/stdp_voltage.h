#pragma once

#include <cstdint>

#include "core/base/array.h"
#include "core/rules/spike_trace.h"
#include "core/rules/tiled_rule.h"
#include "core/rules/voltage_terms.h"
#include "core/spec/component.h"

namespace engram {

// Voltage-based plasticity: what counts of the postsynaptic side is its
// potential, not when it is said to have fired. For one step of length dt:
//
//   at a presynaptic spike   dw = -a_ltd [u_minus_i - theta_minus]+
//   in every step            dw = dt a_ltp x_j [u_i - theta_plus]+
//                                 [u_plus_i - theta_minus]+
//
//   x        (n_pre)          presynaptic trace of tau_x, +1/tau_x a spike
//                             [1/ms]
//   u        (n_post)         potential [mV]
//   u_minus  (n_post)         potential, filtered with tau_minus, as it was
//                             `delay` ago [mV]
//   u_plus   (n_post)         the same with tau_plus [mV]
//   w        (n_post, n_pre)  weight [1]
//
// Filters begin at theta_minus, the potential of a cell at rest; they take a
// potential as constant over its step. The delay keeps a spike from counting as
// the depolarisation before it. Depression is the published one without its
// slow homeostatic factor. All weights move in every step in which a potential
// is above theta_plus: a step costs the whole matrix, as for rules on rates.
//
// Source: Clopath, Buesing, Vasilaki, Gerstner (2010), Nat. Neurosci. 13:344,
// doi:10.1038/nn.2479; constants of visual cortex.
template <class Real>
class StdpVoltage final : public TiledRule<Real, StdpVoltage<Real>> {
 public:
  StdpVoltage(const Component& component, const RuleShape& shape);

  template <class Column>
  auto ChangeOf(const Signals<Real>&, const Column& column) const {
    return [down = depression_.data(), up = potentiation_.data(),
            fires = fires_[column.pre], x = x_[column.pre]](int64_t i, Real) {
      return x * up[i] - fires * down[i];
    };
  }
  void Prepare(const Signals<Real>& s) override;
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  const VoltageTerms<Real> terms_;
  SpikeTrace<Real> x_;  // times tau_x [1]
  // Filtered potentials of the last steps, a column each, used in turn.
  Array<Real> minus_, plus_;  // (n_post, delay + 1) [mV]
  Array<int64_t> turn_;       // steps done
  Array<Real> fires_;         // (n_pre) scratch: 1 where a unit fires
  Array<Real> depression_, potentiation_;  // (n_post) scratch, of this step
};

}  // namespace engram
