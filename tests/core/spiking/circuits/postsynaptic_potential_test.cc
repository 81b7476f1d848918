#include "core/spiking/circuits/postsynaptic_potential.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace engram {
namespace {

// 0.15 mV of the microcircuit and 0.14 mV of the hpc_benchmark: the weights
// that their published scripts print.
TEST(PostsynapticPotentialTest, PublishedWeights) {
  EXPECT_NEAR(0.15 * ExponentialCurrentOfOneMv(
                         {.c_m = 250, .tau_m = 10, .tau_syn = 0.5}),
              87.8085, 87.8085e-6);
  EXPECT_NEAR(
      0.14 * AlphaCurrentOfOneMv(
                 {.c_m = 250, .tau_m = 10, .tau_syn = 0.32582722403722841}),
      45.6096, 45.6096e-6);
}

// The membrane integrated in small steps (midpoint) under the current, whose
// course is given.
template <class Current>
double PeakOf(const Membrane& m, Current current) {
  const double dt = m.tau_syn / 2000;
  double v = 0, peak = 0;
  for (double t = 0; t < 5 * m.tau_m; t += dt) {
    const double half = v + dt / 2 * (-v / m.tau_m + current(t) / m.c_m);
    v += dt * (-half / m.tau_m + current(t + dt / 2) / m.c_m);
    peak = std::max(peak, v);
  }
  return peak;
}

TEST(PostsynapticPotentialTest, ThePotentialPeaksAtOneMillivolt) {
  for (const Membrane& m :
       {Membrane{250, 10, 0.5}, Membrane{100, 20, 5}, Membrane{1, 3, 2.5}}) {
    const double exponential = ExponentialCurrentOfOneMv(m);
    EXPECT_NEAR(PeakOf(m,
                       [&](double t) {
                         return exponential * std::exp(-t / m.tau_syn);
                       }),
                1, 1e-5);
    const double alpha = AlphaCurrentOfOneMv(m);
    EXPECT_NEAR(PeakOf(m,
                       [&](double t) {
                         return alpha * std::numbers::e * t / m.tau_syn *
                                std::exp(-t / m.tau_syn);
                       }),
                1, 1e-5);
  }
}

}  // namespace
}  // namespace engram
