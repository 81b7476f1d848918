#include "core/rules/stdp_rate.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"
#include "core/rules/traces.h"

namespace engram {

template <class Real>
StdpRate<Real>::StdpRate(const Component& component, const RuleShape& shape)
    : eta_(component.Real("eta")),
      a_plus_(static_cast<Real>(component.Real("a_plus"))),
      a_minus_(static_cast<Real>(component.Real("a_minus"))),
      tau_plus_(component.Real("tau_plus")),
      tau_minus_(component.Real("tau_minus")),
      p_(shape.n_pre),
      q_(shape.n_post) {}

template <class Real>
void StdpRate<Real>::AdvanceTraces(const Signals<Real>& s) {
  Relax(s.dt / tau_plus_, s.pre, p_);
  Relax(s.dt / tau_minus_, s.post, q_);
}

template <class Real>
void StdpRate<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".trace_pre"), StateOf(p_, "1"));
  v.State(absl::StrCat(prefix, ".trace_post"), StateOf(q_, "1"));
}

RuleRow StdpRateRow() {
  return RowOfRule<StdpRate>(
      {.type = "stdp_rate",
       .summary = "spike-timing dependent plasticity, averaged over spikes at "
                  "given rates",
       .equation = "dw_ij/dt = eta (a_plus r_i p_j - a_minus q_i r_j)\n"
                   "tau_plus dp_j/dt = -p_j + r_j\n"
                   "tau_minus dq_i/dt = -q_i + r_i",
       .reference = "doi:10.1103/PhysRevE.59.4498",
       .parameters =
           {LearningRate(),
            Real("a_plus", "1", 1, 0, 1000,
                 "potentiation when the presynaptic unit was active before"),
            Real("a_minus", "1", 0.5, 0, 1000,
                 "depression when the postsynaptic unit was active before"),
            Real("tau_plus", "ms", 50, 0.1, 100000, "of the presynaptic trace"),
            Real("tau_minus", "ms", 50, 0.1, 100000,
                 "of the postsynaptic trace")},
       .check =
           [](const Component& self, const Component& root, Faults& faults) {
             CheckTimeConstants(self, root, {"tau_plus", "tau_minus"}, faults);
           }},
      {Signal::kRates}, {"trace_pre", "trace_post"});
}

}  // namespace engram
