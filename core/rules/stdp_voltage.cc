#include "core/rules/stdp_voltage.h"

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {

template <class Real>
StdpVoltage<Real>::StdpVoltage(const Component& c, const RuleShape& shape)
    : terms_(c, shape.dt),
      x_(shape.n_pre, c.Real("tau_x"), shape.dt, false),
      minus_(shape.n_post, terms_.columns),
      plus_(shape.n_post, terms_.columns),
      turn_(1),
      fires_(shape.n_pre),
      depression_(shape.n_post),
      potentiation_(shape.n_post) {
  minus_.Fill(terms_.theta_minus);
  plus_.Fill(terms_.theta_minus);
}

// The column after the newest is the oldest: `delay` steps ago.
template <class Real>
void StdpVoltage<Real>::Prepare(const Signals<Real>& s) {
  const int64_t units = minus_.rows();
  const int64_t oldest = (turn_[0] + 1) % minus_.cols();
  const Real* minus = minus_.data() + oldest * units;
  const Real* plus = plus_.data() + oldest * units;
  const Real* u = s.post_potential.data();
  for (int64_t i = 0; i < units; ++i) {
    depression_[i] = terms_.Depression(minus[i]);
    potentiation_[i] = terms_.Potentiation(u[i], plus[i]);
  }
  for (const int32_t unit : s.pre_spikes) fires_[unit] = 1;
}

template <class Real>
void StdpVoltage<Real>::AdvanceTraces(const Signals<Real>& s) {
  for (const int32_t unit : s.pre_spikes) fires_[unit] = 0;
  x_.Advance(s.pre_spikes);
  const int64_t units = minus_.rows();
  const int64_t newest = turn_[0] % minus_.cols() * units;
  const int64_t next = (turn_[0] + 1) % minus_.cols() * units;
  const Real* u = s.post_potential.data();
  const auto filter = [&](Real keep, const Real* from, Real* __restrict to) {
    for (int64_t i = 0; i < units; ++i) {
      to[i] = VoltageTerms<Real>::Filtered(keep, u[i], from[i]);
    }
  };
  filter(terms_.keep_minus, minus_.data() + newest, minus_.data() + next);
  filter(terms_.keep_plus, plus_.data() + newest, plus_.data() + next);
  ++turn_[0];
}

template <class Real>
void StdpVoltage<Real>::VisitState(absl::string_view prefix, StateVisitor& v) {
  v.State(absl::StrCat(prefix, ".trace_pre"), StateOf(x_.array(), "1"));
  v.State(absl::StrCat(prefix, ".u_minus"), StateOf(minus_, "mV"));
  v.State(absl::StrCat(prefix, ".u_plus"), StateOf(plus_, "mV"));
  v.State(absl::StrCat(prefix, ".steps"), StateOf(turn_, "1"));
}

RuleRow StdpVoltageRow() {
  return RowOfRule<StdpVoltage>(
      {.type = "stdp_voltage",
       .summary = "voltage-based plasticity: presynaptic spikes against the "
                  "postsynaptic potential",
       .equation =
           "at a presynaptic spike: dw = -a_ltd [u_minus - theta_minus]+\n"
           "always: dw/dt = a_ltp x [u - theta_plus]+ [u_plus - theta_minus]+\n"
           "x: +1/tau_x at a presynaptic spike, tau_x dx/dt = -x between\n"
           "u_minus, u_plus: u filtered with tau_minus, tau_plus, as they were "
           "`delay` ago",
       .reference = "doi:10.1038/nn.2479",
       .parameters =
           {Real("a_ltd", "1/mV", 14e-5, 0, 1000, "depression of a spike"),
            Real("a_ltp", "1/mV^2", 8e-5, 0, 1000, "potentiation"),
            Real("theta_minus", "mV", -70.6, -1000, 1000,
                 "potential, filtered, above which weights change"),
            Real("theta_plus", "mV", -45.3, -1000, 1000,
                 "potential above which weights grow"),
            Real("tau_x", "ms", 15, 0.1, 100000, "of the presynaptic trace"),
            Real("tau_minus", "ms", 10, 0.1, 100000,
                 "of the potential that depresses"),
            Real("tau_plus", "ms", 7, 0.1, 100000,
                 "of the potential that potentiates"),
            Real("delay", "ms", 4, 0, 1000,
                 "of both filtered potentials: longer than a spike")}},
      {Signal::kSpikes, Signal::kPotentials},
      {"trace_pre", "u_minus", "u_plus", "steps"});
}

}  // namespace engram
