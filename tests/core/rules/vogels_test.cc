#include "core/rules/vogels.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

constexpr const char* kYaml =
    "{type: vogels, eta: 0.01, rho_0: 5 Hz, tau: 20 ms, "
    "bounds: {type: hard_bounds, w_max: 1000}}";

TEST(VogelsTest, OnePairIsWhatItIsByHand) {
  const double alpha = 2 * 0.005 * 20;
  Synapse s(kYaml, 1);
  EXPECT_NEAR(s.Run({0}, {7}), 1 + 0.01 * (std::exp(-7.0 / 20) - alpha), 1e-14);
  Synapse back(kYaml, 1);
  EXPECT_NEAR(back.Run({7}, {0}), 1 + 0.01 * (std::exp(-7.0 / 20) - alpha),
              1e-14);
  EXPECT_NEAR(Synapse(kYaml, 1).Run({3}, {3}), 1 - 0.01 * alpha, 1e-14);
}

// A target with rate 40 Hz - w, held down by the weight of one input: the rule
// brings it to rho_0 = 5 Hz. Spikes are independent with the given rates, so at
// the fixed point <dw/dt> = 0 at 2 tau nu_post = alpha. The rate then wanders
// with dw: averaged over 400 s of 20 Hz presynaptic spikes, of which each adds
// eta (q - alpha) with standard deviation eta sqrt(nu tau / 2) = 0.002, the
// mean of w has a relaxation time of 1 / (eta nu_pre 2 tau) = 125 s; five
// standard errors of the rate stay below 1 Hz.
TEST(VogelsTest, BringsItsTargetToItsRate) {
  Parallel parallel(1);
  const auto p = MakePlasticity<double>(RuleTree(kYaml),
                                        {.n_post = 1, .n_pre = 1, .dt = 1});
  Array<double> w(1, 1);
  const RandomStream noise(3, "vogels", "spikes");
  const int32_t unit[] = {0};
  double mean = 0;
  constexpr int64_t kSteps = 1500000, kFrom = 700000;
  for (int64_t step = 0; step < kSteps; ++step) {
    const double nu = std::max(40 - w[0], 0.0);
    double u[2];
    noise.Fill(step, u);
    const Signals<double> s{
        .pre_spikes = {unit, u[0] < 0.02 ? size_t{1} : size_t{0}},
        .post_spikes = {unit, u[1] < 1e-3 * nu ? size_t{1} : size_t{0}},
        .dt = 1};
    ApplyRule(*p, s, w, parallel);
    if (step >= kFrom) mean += nu / static_cast<double>(kSteps - kFrom);
  }
  EXPECT_NEAR(mean, 5, 1);
}

}  // namespace
}  // namespace engram
