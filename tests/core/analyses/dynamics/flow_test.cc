#include "core/analyses/dynamics/flow.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/numerics.h"
#include "core/base/statistics.h"
#include "tests/core/analyses/dynamics/systems.h"

namespace engram {
namespace {

class FlowTest : public testing::Test {
 protected:
  const ScopedNumericEnvironment environment_;
};

TEST_F(FlowTest, AnUncoupledUnitDecaysExponentially) {
  const RateDynamics unit = Units({{0}}, {});
  Flow flow(unit);
  DynamicsPoint p(1);
  p.x[0] = 3;
  flow.Advance(p, 2, 0.05);
  EXPECT_NEAR(p.x[0], 3 * std::exp(-2.0), 1e-7);
  EXPECT_EQ(p.field[0], -p.x[0]);
}

TEST_F(FlowTest, HalvingTheStepDividesTheErrorBySixteen) {
  const RateDynamics unit = Units({{1.5}}, {GainShape::kTanh, 0, 1});
  const auto at = [&](double step) {
    Flow flow(unit);
    DynamicsPoint p(1);
    p.x[0] = 0.3;
    flow.Advance(p, 4, step);
    return p.x[0];
  };
  const double exact = at(0.002);
  EXPECT_NEAR((at(0.2) - exact) / (at(0.1) - exact), 16, 2);
}

TEST_F(FlowTest, SettlesAtAFixedPointAndSaysWhenItHasNot) {
  const RateDynamics unit = Units({{1.5}}, {GainShape::kTanh, 0, 1});
  Flow flow(unit);
  DynamicsPoint p(1);
  p.x[0] = 0.3;
  EXPECT_FALSE(flow.Settle(p, 1, 0.05, 1e-9));
  EXPECT_TRUE(flow.Settle(p, 200, 0.05, 1e-9));
  EXPECT_NEAR(p.x[0], 1.2878394550, 1e-8);
}

// Of an Ornstein-Uhlenbeck process in Euler steps the variance is
// sigma^2 / (1 - step / 2). 100 units x 200 looks two time constants apart are
// nearly independent: 5 standard errors are 5 sqrt(2 / 20000) = 5 %.
TEST_F(FlowTest, NoiseGivesAnUncoupledStateItsSize) {
  const int64_t n = 100;
  Array<double> tau(n);
  tau.Fill(20);
  const RateDynamics units(Array<double>(n, n), Array<double>(n), tau, {});
  Flow flow(units);
  DynamicsPoint p(n);
  const RandomStream noise(1, "flow", "noise");
  double sum = 0;
  int64_t count = 0;
  for (int64_t step = 0; step < 4100; ++step) {
    flow.NoisyStep(p, 0.1, 0.3, noise, step);
    if (step < 100 || step % 20 != 0) continue;
    sum += statistics::SumOfSquares(p.x.span());
    count += n;
  }
  const double expected = 0.09 / (1 - 0.05);
  EXPECT_NEAR(sum / static_cast<double>(count) / expected, 1, 0.05);
}

}  // namespace
}  // namespace engram
