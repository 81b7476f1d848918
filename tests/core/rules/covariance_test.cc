#include "core/rules/covariance.h"

#include <gtest/gtest.h>

#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

TEST(CovarianceTest, TwoStepsAreWhatTheyAreByHand) {
  Parallel parallel(1);
  Projection p("{type: covariance, eta: 0.1, tau_mean: 10 ms, m_0: 0.2}", 1, 1,
               2);
  p.Step({0.5}, {0.8}, parallel);
  EXPECT_NEAR(p.w[0], 0.2 * 0.6 * 0.3, 1e-16);
  p.Step({0.1}, {0.4}, parallel);
  const double pre = 0.2 + 0.2 * 0.3, post = 0.2 + 0.2 * 0.6;
  EXPECT_NEAR(p.w[0], 0.2 * 0.6 * 0.3 + 0.2 * (0.4 - post) * (0.1 - pre),
              1e-16);
}

TEST(CovarianceTest, IsExactlySymmetric) {
  Parallel parallel(1);
  Plastic p("{type: covariance}", 30);
  for (int step = 0; step < 100; ++step) {
    p.Step(RandomRates(30, step), parallel);
  }
  EXPECT_NE(p.w(1, 2), 0);
  for (int64_t i = 0; i < 30; ++i) {
    for (int64_t j = 0; j < i; ++j) EXPECT_EQ(p.w(i, j), p.w(j, i));
  }
}

// Rates that do not vary teach nothing once the means have arrived there.
TEST(CovarianceTest, ConstantRatesStopToTeach) {
  Parallel parallel(1);
  Projection p("{type: covariance, eta: 0.01, tau_mean: 10 ms, m_0: 0}", 1, 1);
  for (int step = 0; step < 400; ++step) p.Step({0.5}, {0.5}, parallel);
  // Sum over steps of (0.5 (1 - 1/10)^n)^2 = 0.25 / (1 - 0.81).
  EXPECT_NEAR(p.w[0], 0.01 * 0.25 / 0.19, 1e-12);
}

}  // namespace
}  // namespace engram
