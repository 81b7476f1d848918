#include "core/rules/stdp_pair.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {

template <class Real>
StdpPair<Real>::StdpPair(const Component& c, const RuleShape& shape)
    : SpikeRule<Real, StdpPair<Real>>(shape),
      a_plus_(static_cast<Real>(c.Real("a_plus"))),
      a_minus_(static_cast<Real>(c.Real("a_minus"))),
      mu_(c.Real("mu")),
      per_w_max_(static_cast<Real>(1 / c.Real("w_max"))),
      p_(shape.n_pre, c.Real("tau_plus"), shape.dt,
         c.Text("pairing") == "nearest"),
      q_(shape.n_post, c.Real("tau_minus"), shape.dt,
         c.Text("pairing") == "nearest") {}

template <class Real>
void StdpPair<Real>::AdvanceTraces(const Signals<Real>& s) {
  SpikeRule<Real, StdpPair<Real>>::AdvanceTraces(s);
  p_.Advance(s.pre_spikes);
  q_.Advance(s.post_spikes);
}

template <class Real>
void StdpPair<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".trace_pre"), StateOf(p_.array(), "1"));
  v.State(absl::StrCat(prefix, ".trace_post"), StateOf(q_.array(), "1"));
}

RuleRow StdpPairRow() {
  return RowOfRule<StdpPair>(
      {.type = "stdp_pair",
       .summary = "spike-timing dependent plasticity of pairs of spikes: "
                  "additive, multiplicative or by a power of the weight",
       .equation =
           "post after pre: dw = +a_plus (1 - w/w_max)^mu "
           "exp(-Delta/tau_plus)\n"
           "pre after post: dw = -a_minus (w/w_max)^mu exp(Delta/tau_minus)\n"
           "Delta = t_post - t_pre",
       .reference = "doi:10.1007/s00422-008-0233-1",
       .parameters =
           {Real("a_plus", "1", 0.005, 0, 1000, "potentiation of one pair"),
            Real("a_minus", "1", 0.00525, 0, 1000, "depression of one pair"),
            Real("tau_plus", "ms", 20, 0.1, 100000, "window of potentiation"),
            Real("tau_minus", "ms", 20, 0.1, 100000, "window of depression"),
            Real("mu", "1", 0, 0, 10,
                 "dependence on the weight; 0: additive, 1: multiplicative"),
            Real("w_max", "1", 1, 1e-9, 1e9,
                 "weight without potentiation; counts with mu > 0"),
            Choice("pairing", "all_to_all", {"all_to_all", "nearest"},
                   "which pairs count")}},
      {Signal::kSpikes}, {"trace_pre", "trace_post"});
}

}  // namespace engram
