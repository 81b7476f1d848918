#pragma once

#include <cmath>
#include <cstdint>

#include "core/base/math.h"
#include "core/spec/component.h"

namespace engram {

// The constants of voltage-based plasticity (StdpVoltage), and what a
// potential makes of them in one step of length dt.
template <class Real>
struct VoltageTerms {
  VoltageTerms(const Component& c, double dt)
      : a_ltd(static_cast<Real>(c.Real("a_ltd"))),
        a_ltp(static_cast<Real>(c.Real("a_ltp") * dt / c.Real("tau_x"))),
        theta_minus(static_cast<Real>(c.Real("theta_minus"))),
        theta_plus(static_cast<Real>(c.Real("theta_plus"))),
        keep_minus(static_cast<Real>(math::Exp(-dt / c.Real("tau_minus")))),
        keep_plus(static_cast<Real>(math::Exp(-dt / c.Real("tau_plus")))),
        columns(std::llround(c.Real("delay") / dt) + 1) {}

  // What a presynaptic spike takes off.
  Real Depression(Real u_minus) const {
    return a_ltd * Above(u_minus, theta_minus);
  }
  // What a step adds, times a presynaptic trace to which a spike adds 1.
  Real Potentiation(Real u, Real u_plus) const {
    return a_ltp * Above(u, theta_plus) * Above(u_plus, theta_minus);
  }
  // One step of a filter of a potential that stays over the step.
  static Real Filtered(Real keep, Real u, Real filtered) {
    return u + keep * (filtered - u);
  }

  Real a_ltd, a_ltp;             // [1/mV], dt / tau_x [1/mV^2]
  Real theta_minus, theta_plus;  // [mV]
  Real keep_minus, keep_plus;    // of the filters over a step [1]
  // Steps of which filtered potentials are kept: of `delay` and the present.
  int64_t columns;

 private:
  static Real Above(Real x, Real threshold) {
    return x > threshold ? x - threshold : Real{0};
  }
};

}  // namespace engram
