// The rules that look back: a trace of the presynaptic rate, or the rate a
// delay ago; and the one that takes a state out of the weights.

#include <gtest/gtest.h>

#include <cmath>

#include "core/rules/delayed_hebbian.h"
#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

TEST(TemporallyAsymmetricHebbianTest, TwoStepsAreWhatTheyAreByHand) {
  Parallel parallel(1);
  Plastic p("{type: temporally_asymmetric_hebbian, eta: 0.1, tau_plus: 10 ms}",
            2);
  p.Step({0.5, 0.0}, parallel);
  EXPECT_EQ(p.w(1, 0), 0);
  p.Step({0.0, 0.8}, parallel);
  EXPECT_NEAR(p.w(1, 0), 0.1 * 0.8 * 0.05, 1e-17);
  EXPECT_EQ(p.w(0, 1), 0);
}

// It is rate STDP without its depressing half, to the bit.
TEST(TemporallyAsymmetricHebbianTest, IsThePotentiatingHalfOfRateStdp) {
  Parallel parallel(1);
  Plastic half("{type: temporally_asymmetric_hebbian}", 20);
  Plastic stdp("{type: stdp_rate, a_plus: 1, a_minus: 0}", 20);
  for (int step = 0; step < 50; ++step) {
    half.Step(RandomRates(20, step), parallel);
    stdp.Step(RandomRates(20, step), parallel);
  }
  for (int64_t k = 0; k < 400; ++k) EXPECT_EQ(half.w[k], stdp.w[k]);
}

double F(double r) { return 0.5 * (1 + std::tanh(10 * (r - 0.7))); }

// Constant rates: w relaxes to w_max f(r_i) f(r_j), by (1 - dt / tau_w) a step.
TEST(DelayedHebbianTest, RelaxesToTheProductOfTheGains) {
  Parallel parallel(1);
  Projection p("{type: delayed_hebbian, delay: 0 ms}", 1, 1, 0.5);
  for (int step = 0; step < 100; ++step) p.Step({0.9}, {0.65}, parallel);
  const double goal = 1.5 * F(0.9) * F(0.65);
  EXPECT_NEAR(p.w[0], goal * (1 - std::pow(1 - 0.5 / 400, 100)), 1e-13);
}

// 15.3 ms are 15 steps of 1 ms: a presynaptic pulse at step 2 meets the
// postsynaptic rate of step 17.
TEST(DelayedHebbianTest, MeetsThePresynapticRateOfADelayAgo) {
  Parallel parallel(1);
  for (const int met : {16, 17, 18}) {
    Projection p("{type: delayed_hebbian, tau_w: 10 ms}", 1, 1);
    for (int step = 0; step < 20; ++step) {
      p.Step({step == 2 ? 1.0 : 0.0}, {step == met ? 1.0 : 0.0}, parallel);
    }
    EXPECT_EQ(p.w[0] > 0.1, met == 17) << met;
  }
}

TEST(DelayedHebbianTest, BelowTheThresholdOnBothSidesAWeightStays) {
  Parallel parallel(1);
  Projection p("{type: delayed_hebbian, delay: 0 ms}", 1, 1);
  p.w[0] = 0.8;
  p.Step({0.6}, {0.6}, parallel);
  EXPECT_EQ(p.w[0], 0.8);
  p.Step({0.61}, {0.0}, parallel);
  EXPECT_LT(p.w[0], 0.8);
  const double after = p.w[0];
  p.Step({0.0}, {0.61}, parallel);
  EXPECT_LT(p.w[0], after);
}

TEST(UnlearningTest, TakesAShareOfTheStateOutOfTheWeights) {
  Parallel parallel(1);
  Plastic p("{type: unlearning, epsilon: 0.01}", 4);
  p.Step({1, -1, 1, 1}, parallel);
  EXPECT_EQ(p.w(0, 1), 0.01 / 4);
  EXPECT_EQ(p.w(0, 2), -0.01 / 4);
  EXPECT_EQ(p.w(2, 2), 0);
}

}  // namespace
}  // namespace engram
