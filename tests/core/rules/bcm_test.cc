#include "core/rules/bcm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

TEST(BcmTest, TwoStepsAreWhatTheyAreByHand) {
  Parallel parallel(1);
  Projection p(
      "{type: bcm, eta: 0.1, tau_theta: 10 ms, r_0: 0.4, theta_0: 0.2}", 1, 1,
      2);
  p.Step({0.5}, {0.8}, parallel);
  const double first = 0.2 * 0.8 * (0.8 - 0.2) * 0.5;
  EXPECT_NEAR(p.w[0], first, 1e-16);
  const double theta = 0.2 + 0.2 * (0.64 / 0.4 - 0.2);
  p.Step({0.5}, {0.3}, parallel);
  EXPECT_NEAR(p.w[0], first + 0.2 * 0.3 * (0.3 - theta) * 0.5, 1e-16);
}

// Two inputs in turn, orthogonal, at a linear unit. The fixed point that a fast
// threshold makes stable answers to one input alone: with probability 1/2 each,
// theta = y^2 / (2 r_0) = y, so y = 2 r_0 for it and 0 for the other.
TEST(BcmTest, BecomesSelectiveWithTheFixedPointsRate) {
  Parallel parallel(1);
  Projection p(
      "{type: bcm, eta: 0.001, tau_theta: 50 ms, r_0: 0.5, theta_0: 0.5}", 1,
      2);
  p.w[0] = 0.6;
  p.w[1] = 0.5;
  for (int step = 0; step < 60000; ++step) {
    std::vector<double> x = {0, 0};
    x[static_cast<size_t>(step % 2)] = 1;
    p.Step(x, {p.w[step % 2]}, parallel);
  }
  // The threshold ripples by dt / tau_theta.
  EXPECT_NEAR(p.w[0], 1, 0.02);
  EXPECT_NEAR(p.w[1], 0, 0.02);
}

// At a constant rate the threshold settles at r^2 / r_0, and the weight stops
// where the rate is r_0.
TEST(BcmTest, AConstantInputSettlesAtItsRate) {
  Parallel parallel(1);
  Projection p(
      "{type: bcm, eta: 0.001, tau_theta: 20 ms, r_0: 0.5, theta_0: 0.1}", 1,
      1);
  p.w[0] = 0.3;
  for (int step = 0; step < 100000; ++step) {
    p.Step({1.0}, {p.w[0]}, parallel);
  }
  EXPECT_NEAR(p.w[0], 0.5, 1e-9);
}

}  // namespace
}  // namespace engram
