#include "core/rules/stdp_voltage.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/programs/state_array.h"
#include "core/rules/catalog.h"

namespace engram {
namespace {

int64_t ColumnsOf(const Component& c, double dt) {
  return std::llround(c.Real("delay") / dt) + 1;
}

template <class Real>
Real Keep(const Component& c, const char* tau, double dt) {
  return static_cast<Real>(math::Exp(-dt / c.Real(tau)));
}

// One step of a filter of potentials that stay over the step.
template <class Real>
void Filter(Real keep, const Real* potential, int64_t units, const Real* from,
            Real* __restrict to) {
  for (int64_t i = 0; i < units; ++i) {
    to[i] = potential[i] + keep * (from[i] - potential[i]);
  }
}

template <class Real>
Real Above(Real x, Real threshold) {
  return x > threshold ? x - threshold : Real{0};
}

}  // namespace

template <class Real>
StdpVoltage<Real>::StdpVoltage(const Component& c, const RuleShape& shape)
    : a_ltd_(static_cast<Real>(c.Real("a_ltd"))),
      a_ltp_(static_cast<Real>(c.Real("a_ltp") * shape.dt / c.Real("tau_x"))),
      theta_minus_(static_cast<Real>(c.Real("theta_minus"))),
      theta_plus_(static_cast<Real>(c.Real("theta_plus"))),
      keep_minus_(Keep<Real>(c, "tau_minus", shape.dt)),
      keep_plus_(Keep<Real>(c, "tau_plus", shape.dt)),
      x_(shape.n_pre, c.Real("tau_x"), shape.dt, false),
      minus_(shape.n_post, ColumnsOf(c, shape.dt)),
      plus_(shape.n_post, ColumnsOf(c, shape.dt)),
      turn_(1),
      fires_(shape.n_pre),
      depression_(shape.n_post),
      potentiation_(shape.n_post) {
  minus_.Fill(theta_minus_);
  plus_.Fill(theta_minus_);
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
    depression_[i] = a_ltd_ * Above(minus[i], theta_minus_);
    potentiation_[i] =
        a_ltp_ * Above(u[i], theta_plus_) * Above(plus[i], theta_minus_);
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
  Filter(keep_minus_, s.post_potential.data(), units, minus_.data() + newest,
         minus_.data() + next);
  Filter(keep_plus_, s.post_potential.data(), units, plus_.data() + newest,
         plus_.data() + next);
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
