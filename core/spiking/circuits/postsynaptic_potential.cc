#include "core/spiking/circuits/postsynaptic_potential.h"

#include <cmath>
#include <numbers>

#include "core/base/contract.h"
#include "core/base/math.h"

namespace engram {

double ExponentialCurrentOfOneMv(const Membrane& m) {
  ENGRAM_EXPECT(m.tau_syn > 0 && m.tau_m > 0 && m.tau_syn != m.tau_m);
  const double rate_m = 1 / m.tau_m, rate_s = 1 / m.tau_syn;
  const double peak = math::Log(m.tau_m / m.tau_syn) / (rate_s - rate_m);
  const double height = math::Exp(-peak * rate_m) - math::Exp(-peak * rate_s);
  return m.c_m * (rate_s - rate_m) / height;
}

// With a = 1/tau_syn and b = a - 1/tau_m the response to w = 1 pA is
//
//   V(t) = e a / (C b^2) (exp(-t/tau_m) - (1 + b t) exp(-a t)),
//
// whose derivative vanishes where exp(b t) / tau_m = a + a b t - b.
double AlphaCurrentOfOneMv(const Membrane& m) {
  ENGRAM_EXPECT(m.tau_syn > 0 && m.tau_m > m.tau_syn);
  const double a = 1 / m.tau_syn, rate_m = 1 / m.tau_m, b = a - rate_m;
  // The zero at t = 0 is none of the peak: Newton comes down from beyond it.
  double t = 10 * m.tau_syn;
  for (int i = 0; i < 100; ++i) {
    const double f = rate_m * math::Exp(b * t) - a - a * b * t + b;
    const double slope = rate_m * b * math::Exp(b * t) - a * b;
    const double next = t - f / slope;
    if (std::abs(next - t) <= 1e-14 * t) break;
    t = next;
  }
  const double height =
      std::numbers::e * a / (m.c_m * b * b) *
      (math::Exp(-rate_m * t) - (1 + b * t) * math::Exp(-a * t));
  return 1 / height;
}

}  // namespace engram
