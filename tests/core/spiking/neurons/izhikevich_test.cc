#include "core/spiking/neurons/izhikevich.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/statistics.h"
#include "core/spiking/neurons/izhikevich_cells.h"
#include "tests/core/spiking/neurons/cells.h"

namespace engram {
namespace {

using testing::HasSubstr;

// A step as each form of integration says, written out.
struct Expected {
  const char* integration;
  double v, u;
};

TEST(IzhikevichTest, OneStepByHand) {
  // a 0.02, b 0.2, v -60, u -12, I 10, dt 0.5: the slope of v at -60 is
  // 0.04 3600 - 300 + 140 + 12 + 10 = 6.
  const double half = -60 + 0.25 * 6;
  const double half_slope = 0.04 * half * half + 5 * half + 140 + 12 + 10;
  const double halves = half + 0.25 * half_slope;
  const Expected expected[] = {
      {"half_steps", halves, -12 + 0.5 * 0.02 * (0.2 * halves + 12)},
      {"euler_old_v", -57, -12},
      {"euler_new_v", -57, -12 + 0.5 * 0.02 * (0.2 * -57 + 12)},
      // Input is no current here: slope -4 without it.
      {"euler", -60 + 0.5 * -4 + 10, -12},
  };
  for (const Expected& e : expected) {
    Cells cells(std::string("{type: izhikevich, units: 3, initial_v: {type: "
                            "constant, value: -60}, integration: ") +
                    e.integration + "}",
                0.5);
    cells.Give("input", 10);
    EXPECT_TRUE(cells.Step().empty());
    EXPECT_NEAR(cells("v", 2), e.v, 1e-12) << e.integration;
    EXPECT_NEAR(cells("u", 2), e.u, 1e-12) << e.integration;
  }
}

TEST(IzhikevichTest, ASpikeResetsAndRaisesTheRecovery) {
  for (const char* integration : {"half_steps", "euler_old_v", "euler_new_v"}) {
    Cells cells(std::string("{type: izhikevich, units: 2, cell: CH, initial_v: "
                            "{type: constant, value: 29}, initial_u: {type: "
                            "constant, value: 0}, integration: ") +
                    integration + "}",
                1);
    EXPECT_THAT(cells.Step(), testing::ElementsAre(0, 1));
    EXPECT_EQ(cells("v"), -50);
    EXPECT_GT(cells("u"), 2);
  }
}

// v' = 0.04 v^2 + 5 v + 140 + 30 without recovery (a = b = 0) is
// 0.04 ((v + 62.5)^2 + r^2) with r^2 = 170 / 0.04 - 62.5^2, so
// v = -62.5 + r tan(0.04 r t + atan((v(0) + 62.5) / r)).
const double kR = std::sqrt(170 / 0.04 - 62.5 * 62.5);

double QuadraticAt(double t) {
  return -62.5 + kR * std::tan(0.04 * kR * t + std::atan(-2.5 / kR));
}
double QuadraticsTimeTo(double v) {
  return (std::atan((v + 62.5) / kR) - std::atan(-2.5 / kR)) / (0.04 * kR);
}

std::string Quadratic(const std::string& integration) {
  return "{type: izhikevich, a: 0, b: 0, c: -65, d: 0, current: 30, "
         "integration: " +
         integration + "}";
}

double ErrorAfter(double ms, const std::string& integration, double dt) {
  Cells cells(Quadratic(integration), dt);
  EXPECT_TRUE(cells.SpikesUntil(ms).empty());
  return cells("v") - QuadraticAt(ms);
}

TEST(IzhikevichTest, ConvergesToTheQuadraticsSolutionInFirstOrder) {
  for (const char* integration :
       {"euler_old_v", "euler_new_v", "euler", "half_steps"}) {
    const double coarse = ErrorAfter(1.2, integration, 0.004);
    const double fine = ErrorAfter(1.2, integration, 0.002);
    EXPECT_GT(std::abs(fine), 1e-6);
    // The next order is a hundredth of the first at these steps.
    EXPECT_NEAR(coarse / fine, 2, 0.04) << integration;
  }
}

TEST(IzhikevichTest, HalfStepsHalveTheError) {
  EXPECT_NEAR(ErrorAfter(1.2, "euler_new_v", 0.004) /
                  ErrorAfter(1.2, "half_steps", 0.004),
              2, 0.04);
}

// Euler's method lags behind x' = f(x) by dt / 2 log(f(end) / f(start)), here
// with f(30) = 356 and f(-65) = 14.01; a spike then waits for the end of its
// step.
TEST(IzhikevichTest, IntervalsAreTheQuadraticsWithEulersLag) {
  constexpr double kDt = 0.005;
  const double lag = 0.5 * kDt * std::log(356 / 14.01);
  for (const bool is_halved : {false, true}) {
    Cells cells(Quadratic(is_halved ? "half_steps" : "euler_old_v"), kDt);
    const double expected = QuadraticsTimeTo(30) + (is_halved ? lag / 2 : lag);
    const std::vector<double> times = cells.SpikesUntil(5 * expected);
    ASSERT_GE(times.size(), 4u);
    EXPECT_GT(times[3] - times[2], expected - 0.1 * kDt);
    EXPECT_LT(times[3] - times[2], expected + 1.1 * kDt);
  }
}

TEST(IzhikevichTest, RestsWhereBothSlopesVanish) {
  // b = 0.2: 0.04 v^2 + 4.8 v + 140 = 0 at -70 (stable) and -50.
  Cells cells("{type: izhikevich, cell: RS, integration: euler_new_v}", 0.25);
  EXPECT_TRUE(cells.SpikesUntil(1000).empty());
  EXPECT_NEAR(cells("v"), -70, 1e-3);
  EXPECT_NEAR(cells("u"), -14, 1e-3);
}

TEST(IzhikevichTest, SharedDrawMovesParametersTogether) {
  Cells cells(
      "{type: izhikevich, units: 2000, c_range: 15, d_range: -6, range_power: "
      "2}",
      1);
  const std::vector<double> c = cells.All("c"), d = cells.All("d");
  double mean = 0;
  for (size_t k = 0; k < c.size(); ++k) {
    const double share = (c[k] + 65) / 15;
    EXPECT_GE(share, 0);
    EXPECT_LE(share, 1);
    EXPECT_NEAR(d[k], 8 - 6 * share, 1e-12);
    mean += share / 2000;
  }
  // E r^2 = 1/3, deviation sqrt(4/45) = 0.298 of one.
  EXPECT_NEAR(mean, 1.0 / 3, 5 * 0.298 / std::sqrt(2000.0));
  EXPECT_EQ(cells("a", 7), 0.02);
}

TEST(IzhikevichTest, GivenParametersGoBeforeTheCells) {
  Cells cells("{type: izhikevich, cell: FS, a: 0.03}", 1);
  EXPECT_EQ(cells("a"), 0.03);
  EXPECT_EQ(cells("b"), 0.2);
  EXPECT_EQ(cells("d"), 2);
}

TEST(IzhikevichTest, LongStepsAreRefused) {
  EXPECT_EQ(Instability("{type: izhikevich}", 1), "");
  EXPECT_THAT(Instability("{type: izhikevich}", 1.5), HasSubstr("1.5 ms"));
}

TEST(IzhikevichTest, UnknownCellsAreRefusedWithTheNearestName) {
  EXPECT_THAT(CellsFault("{type: izhikevich, cell: tonic_spikin}"),
              HasSubstr("tonic_spiking"));
}

TEST(IzhikevichTest, SinglePrecisionFollowsDouble) {
  CellsOf<double> exact("{type: izhikevich, current: 10}", 0.5);
  CellsOf<float> single("{type: izhikevich, current: 10}", 0.5);
  // The first spikes; later ones drift apart.
  EXPECT_EQ(exact.SpikesUntil(40), single.SpikesUntil(40));
}

TEST(IzhikevichTest, BlocksOfUnitsDoNotCount) {
  const std::string yaml =
      "{type: izhikevich, units: 200, current: 10, a_range: 0.08, "
      "b_range: -0.05}";
  Cells whole(yaml, 1), parts(yaml, 1);
  for (int step = 0; step < 50; ++step) {
    EXPECT_EQ(whole.Step(), parts.Step(64));
  }
  EXPECT_EQ(whole.All("v"), parts.All("v"));
}

}  // namespace
}  // namespace engram
