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
      trace_(OnePerWeight<Real>(shape)) {}

template <class Real>
void EligibilityTrace<Real>::UpdateTile(const Signals<Real>& s,
                                        const WeightTile<Real>& w,
                                        const Real* trace,
                                        const Limits<Real>& limits) const {
  ENGRAM_EXPECT(!s.modulator.empty());
  const Real dt = static_cast<Real>(s.dt);
  const Real* modulator = s.modulator.data();
  const bool is_global = s.modulator.size() == 1;
  ForColumns(w, [&](const auto& column) {
    WithLanding(limits, column.pre, [&](const auto landing) {
      Real* __restrict weight = column.weights;
      const Real* __restrict e = trace + column.offset;
      if (is_global) {
        const Real share = dt * modulator[0];
#pragma GCC ivdep
        for (int64_t k = 0; k < column.size; ++k) {
          weight[k] = landing(weight[k], share * e[k]);
        }
      } else {
#pragma GCC ivdep
        for (int64_t k = 0; k < column.size; ++k) {
          weight[k] =
              landing(weight[k], (dt * modulator[column.post(k)]) * e[k]);
        }
      }
    });
  });
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
