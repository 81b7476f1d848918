#include "core/rules/vogels.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

constexpr double kPerMs = 1e-3;  // of a rate in Hz

}  // namespace

template <class Real>
Vogels<Real>::Vogels(const Component& c, const RuleShape& shape)
    : SpikeRule<Real, Vogels<Real>>(shape),
      eta_(static_cast<Real>(c.Real("eta"))),
      alpha_(static_cast<Real>(2 * c.Real("rho_0") * kPerMs * c.Real("tau"))),
      p_(shape.n_pre, c.Real("tau"), shape.dt, false),
      q_(shape.n_post, c.Real("tau"), shape.dt, false) {}

template <class Real>
void Vogels<Real>::AdvanceTraces(const Signals<Real>& s) {
  SpikeRule<Real, Vogels<Real>>::AdvanceTraces(s);
  p_.Advance(s.pre_spikes);
  q_.Advance(s.post_spikes);
}

template <class Real>
void Vogels<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".trace_pre"), StateOf(p_.array(), "1"));
  v.State(absl::StrCat(prefix, ".trace_post"), StateOf(q_.array(), "1"));
}

RuleRow VogelsRow() {
  return RowOfRule<Vogels>(
      {.type = "vogels",
       .summary = "plasticity of inhibitory synapses that brings their targets "
                  "to a rate",
       .equation = "at a presynaptic spike: dw = eta (q_i - 2 rho_0 tau)\n"
                   "at a postsynaptic spike: dw = eta p_j\n"
                   "p_j of the presynaptic, q_i of the postsynaptic spikes: "
                   "+1 after a spike, tau dx/dt = -x between",
       .reference = "doi:10.1126/science.1211095",
       .parameters = {Real("eta", "1", 0.001, 0, 1000, "change of one pair"),
                      Real("rho_0", "Hz", 5, 0, 1000, "the targets' rate"),
                      Real("tau", "ms", 20, 0.1, 100000, "of both traces")}},
      {Signal::kSpikes}, {"trace_pre", "trace_post"});
}

}  // namespace engram
