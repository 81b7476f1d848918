#include "core/rules/stdp_rate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "absl/strings/str_cat.h"
#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

TEST(StdpRateTest, TwoStepsAreWhatTheyAreByHand) {
  Parallel parallel(1);
  Plastic p(
      "{type: stdp_rate, eta: 0.1, a_plus: 2, a_minus: 3, tau_plus: 10 ms, "
      "tau_minus: 20 ms}",
      2);
  p.Step({0.5, 0.0}, parallel);
  // Traces were still 0.
  EXPECT_EQ(p.w(1, 0), 0);
  p.Step({0.0, 0.8}, parallel);
  // Presynaptic trace of unit 0 is 0.5 / 10, postsynaptic one 0.5 / 20.
  EXPECT_DOUBLE_EQ(p.w(1, 0), 0.1 * 2 * 0.8 * 0.05);
  EXPECT_DOUBLE_EQ(p.w(0, 1), -0.1 * 3 * 0.025 * 0.8);
}

TEST(StdpRateTest, EqualAmplitudesAreExactlyAntisymmetric) {
  Parallel parallel(1);
  Plastic p("{type: stdp_rate, a_minus: 1}", 30);
  for (int step = 0; step < 100; ++step) {
    p.Step(RandomRates(30, step), parallel);
  }
  EXPECT_NE(p.w(1, 2), 0);
  for (int64_t i = 0; i < 30; ++i) {
    for (int64_t j = 0; j < i; ++j) EXPECT_EQ(p.w(i, j), -p.w(j, i));
  }
}

// Units 0 and 2 are on for the first 100 ms, unit 1 for the next 100, then
// silence.
Plastic AfterTwoPulses(double dt) {
  Parallel parallel(1);
  Plastic p("{type: stdp_rate, eta: 1, a_plus: 1, a_minus: 0.5}", 3, dt);
  const int on = static_cast<int>(std::lround(100 / dt));
  for (int step = 0; step < 12 * on; ++step) {
    const double first = step < on, second = step >= on && step < 2 * on;
    p.Step({first, second, first}, parallel);
  }
  return p;
}

// Per presentation: forward A+ tau (1 - exp(-T / tau))^2, backward
// -A- tau (...)^2, within (A+ - A-) (T - tau (1 - exp(-T / tau))).
TEST(StdpRateTest, SquarePulsesGiveTheIntegratedWindow) {
  const double share = 1 - std::exp(-100.0 / 50);
  const double forward = 50 * share * share;
  const double within = 0.5 * (100 - 50 * share);
  const Plastic coarse = AfterTwoPulses(0.2), fine = AfterTwoPulses(0.1);
  EXPECT_NEAR(fine.w(1, 0), forward, 2e-3 * forward);
  EXPECT_NEAR(fine.w(0, 1), -forward / 2, 2e-3 * forward);
  EXPECT_NEAR(fine.w(0, 2), within, 2e-3 * within);
  EXPECT_EQ(fine.w(0, 2), fine.w(2, 0));
  EXPECT_NEAR((coarse.w(0, 2) - within) / (fine.w(0, 2) - within), 2, 0.1);
}

TEST(StdpRateSpecTest, RefusesTracesFasterThanTheNetworksStep) {
  Faults faults;
  ReadTree(
      "{type: sequence_learning, rule: {type: stdp_rate, tau_plus: 0.5 ms}}",
      Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].path, "experiment.rule.tau_plus");
}

}  // namespace
}  // namespace engram
