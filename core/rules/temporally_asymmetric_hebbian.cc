#include "core/rules/temporally_asymmetric_hebbian.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"
#include "core/rules/traces.h"

namespace engram {

template <class Real>
TemporallyAsymmetricHebbian<Real>::TemporallyAsymmetricHebbian(
    const Component& component, const RuleShape& shape)
    : eta_(component.Real("eta")),
      tau_plus_(component.Real("tau_plus")),
      p_(shape.n_pre) {}

template <class Real>
void TemporallyAsymmetricHebbian<Real>::AdvanceTraces(const Signals<Real>& s) {
  Relax(s.dt / tau_plus_, s.pre, p_);
}

template <class Real>
void TemporallyAsymmetricHebbian<Real>::VisitState(absl::string_view prefix,
                                                   StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".trace_pre"), StateOf(p_, "1"));
}

RuleRow TemporallyAsymmetricHebbianRow() {
  return RowOfRule<TemporallyAsymmetricHebbian>(
      {.type = "temporally_asymmetric_hebbian",
       .summary = "Hebbian learning of the postsynaptic rate with a trace of "
                  "the presynaptic one",
       .equation = "dw_ij/dt = eta r_i p_j\n"
                   "tau_plus dp_j/dt = -p_j + r_j",
       .reference = "doi:10.1073/pnas.1918674117",
       .parameters = {LearningRate(), Real("tau_plus", "ms", 50, 0.1, 100000,
                                           "of the presynaptic trace")},
       .check =
           [](const Component& self, const Component& root, Faults& faults) {
             CheckTimeConstants(self, root, {"tau_plus"}, faults);
           }},
      {Signal::kRates}, {"trace_pre"});
}

}  // namespace engram
