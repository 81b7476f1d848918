#include "core/rules/eligibility_trace.h"

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

template <class Real>
Array<Real> OnePerWeight(const RuleShape& shape) {
  return shape.synapses >= 0 ? Array<Real>(shape.synapses)
                             : Array<Real>(shape.n_post, shape.n_pre);
}

}  // namespace

template <class Real>
EligibilityTrace<Real>::EligibilityTrace(const Component& component,
                                         const RuleShape& shape)
    : decay_(static_cast<Real>(math::Exp(-shape.dt / component.Real("tau")))),
      trace_(OnePerWeight<Real>(shape)),
      gain_(shape.n_post) {}

template <class Real>
void EligibilityTrace<Real>::Prepare(const Signals<Real>& s) {
  const bool is_global = s.modulator.size() == 1;
  ENGRAM_EXPECT(is_global ||
                static_cast<int64_t>(s.modulator.size()) == gain_.rows());
  const Real dt = static_cast<Real>(s.dt);
  for (int64_t i = 0; i < gain_.rows(); ++i) {
    gain_[i] = dt * s.modulator[is_global ? 0 : static_cast<size_t>(i)];
  }
}

template <class Real>
void EligibilityTrace<Real>::VisitState(absl::string_view prefix,
                                        StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".trace"), StateOf(trace_, "1"));
}

template class EligibilityTrace<float>;
template class EligibilityTrace<double>;

PartRow EligibilityTraceRow() {
  return {
      .spec = {.kind = Kind::kEligibility,
               .type = "eligibility_trace",
               .summary = "three-factor form: a modulator turns what a synapse "
                          "remembers of the rule's changes into a change",
               .equation = "de_ij/dt = -e_ij / tau + (dw_ij/dt of the rule)\n"
                           "dw_ij/dt = M_i e_ij",
               .reference = "doi:10.3389/fncir.2015.00085",
               .parameters = {Real("tau", "ms", 500, 0.1, 1e7,
                                   "how long a synapse remembers")}},
      .reads = {Signal::kModulator},
      .arrays = {"trace"}};
}

}  // namespace engram
