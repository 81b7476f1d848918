#pragma once

#include <cstdint>

#include "core/base/array.h"
#include "core/rules/rule.h"
#include "core/spec/component.h"

namespace engram {

// Three-factor form of any rule: the rule's changes are held in a trace of each
// synapse, and a modulator turns the trace into a change of the weight.
//
//   de_ij/dt = -e_ij / tau + (dw_ij/dt of the rule)
//   dw_ij/dt = M_i e_ij
//
//   e  (n_post, n_pre), sparse (synapses)  eligibility   [weight]
//   M  one for all, or (n_post)            modulator     [1/ms]
//
// The decay is exact over a step, exp(-dt / tau); a step first lets the trace
// take in the rule's change, then changes the weight by dt M e.
//
// Source: Izhikevich (2007), doi:10.1093/cercor/bhl152; Fremaux and Gerstner
// (2016), doi:10.3389/fncir.2015.00085.
template <class Real>
class EligibilityTrace {
 public:
  EligibilityTrace(const Component& component, const RuleShape& shape);

  // Once a step.
  void Prepare(const Signals<Real>& s);
  // Of the tile whose first weight is the `offset`-th of the matrix.
  SynapticTrace<Real> Of(int64_t offset) {
    return {trace_.data() + offset, decay_, gain_.data()};
  }
  void VisitState(absl::string_view prefix, StateVisitor& v);

 private:
  Real decay_;
  Array<Real> trace_;
  Array<Real> gain_;  // scratch (n_post): dt M_i [1]
};

extern template class EligibilityTrace<float>;
extern template class EligibilityTrace<double>;

}  // namespace engram
