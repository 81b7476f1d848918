#include "core/rules/stdp_power_law.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {

template <class Real>
StdpPowerLaw<Real>::StdpPowerLaw(const Component& c, const RuleShape& shape)
    : SpikeRule<Real, StdpPowerLaw<Real>>(shape),
      mu_(c.Real("mu")),
      potentiation_(static_cast<Real>(
          c.Real("lambda") * math::Pow(c.Real("w_0"), 1 - c.Real("mu")))),
      depression_(static_cast<Real>(c.Real("lambda") * c.Real("alpha"))),
      p_(shape.n_pre, c.Real("tau_plus"), shape.dt, false),
      q_(shape.n_post, c.Real("tau_minus"), shape.dt, false) {}

template <class Real>
void StdpPowerLaw<Real>::AdvanceTraces(const Signals<Real>& s) {
  SpikeRule<Real, StdpPowerLaw<Real>>::AdvanceTraces(s);
  p_.Advance(s.pre_spikes);
  q_.Advance(s.post_spikes);
}

template <class Real>
void StdpPowerLaw<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".trace_pre"), StateOf(p_.array(), "1"));
  v.State(absl::StrCat(prefix, ".trace_post"), StateOf(q_.array(), "1"));
}

RuleRow StdpPowerLawRow() {
  return RowOfRule<StdpPowerLaw>(
      {.type = "stdp_power_law",
       .summary = "spike-timing dependent plasticity whose potentiation grows "
                  "with a power of the weight",
       .equation = "post after pre: dw = lambda w_0^(1-mu) w^mu "
                   "exp(-Delta/tau_plus)\n"
                   "pre after post: dw = -lambda alpha w "
                   "exp(Delta/tau_minus), w >= 0\n"
                   "Delta = t_post - t_pre",
       .reference = "doi:10.1162/neco.2007.19.6.1437",
       .parameters = {Real("lambda", "1", 0.1, 0, 1000, "size of both changes"),
                      Real("alpha", "1", 0.0513, 0, 1000,
                           "depression, in units of potentiation"),
                      Real("mu", "1", 0.4, 0, 10, "power of the weight"),
                      Real("w_0", "1", 1, 1e-9, 1e9,
                           "weight at which potentiation is lambda w_0"),
                      Real("tau_plus", "ms", 15, 0.1, 100000,
                           "window of potentiation"),
                      Real("tau_minus", "ms", 30, 0.1, 100000,
                           "window of depression")}},
      {Signal::kSpikes}, {"trace_pre", "trace_post"});
}

}  // namespace engram
