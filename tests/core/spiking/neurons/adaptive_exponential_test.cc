#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/spiking/neurons/cells.h"

namespace engram {
namespace {

using testing::HasSubstr;

std::string AdEx(const std::string& more) {
  return "{type: adaptive_exponential, units: 70" + more + "}";
}

TEST(AdaptiveExponentialTest, OneStepByHand) {
  Cells cells(AdEx(", current: 100, initial_v: {type: constant, value: -52}, "
                   "initial_w: {type: constant, value: 20}"),
              0.1);
  cells.Give("excitatory", 2);
  cells.Step();
  const double slope =
      -30 * (-52 + 70.6) + 30 * 2 * std::exp((-52 + 50.4) / 2) - 20 + 100;
  EXPECT_NEAR(cells("v", 69), -52 + 0.1 * slope / 281, 1e-12);
  EXPECT_NEAR(cells("w", 69), 20 + 0.1 * (4 * (-52 + 70.6) - 20) / 144, 1e-12);
  EXPECT_EQ(cells("g_e", 69), 2);
}

// Without adaptation by the potential the fixed points meet where the slope of
// the exponential is the leak's, at v_t:
//   I = g_l (v_t - e_l - delta_t)
// (Touboul and Brette 2008, doi:10.1007/s00422-008-0267-4, with a = 0).
TEST(AdaptiveExponentialTest, RheobaseIsTheSaddleNodes) {
  const double rheobase = 30 * (-50.4 + 70.6 - 2);
  const auto spikes = [&](double current) {
    // Near the saddle the passage takes pi / sqrt(x) of its own time.
    Cells cells(AdEx(", a: 0, b: 0, current: " + std::to_string(current)), 0.1);
    return cells.SpikesUntil(1500).size();
  };
  EXPECT_EQ(spikes(rheobase * 0.998), 0u);
  EXPECT_GT(spikes(rheobase * 1.002), 0u);
}

// b alone adapts: w jumps by b at each spike and decays between, so in steady
// firing with the interval T it is b / (1 - exp(-T / tau_w)) behind a spike, up
// to Euler's decay.
TEST(AdaptiveExponentialTest, SpikeTriggeredAdaptationIsAGeometricSum) {
  Cells cells(AdEx(", a: 0, current: 1000"), 0.05);
  std::vector<double> times;
  double behind = 0;
  while (cells.time() < 2000) {
    if (cells.Step().empty()) continue;
    times.push_back(cells.time());
    behind = cells("w");
  }
  ASSERT_GT(times.size(), 20u);
  const double interval = times.back() - times[times.size() - 2];
  EXPECT_GT(interval, 1.5 * (times[1] - times[0]));
  EXPECT_NEAR(behind * (1 - std::exp(-interval / 144)) / 80.5, 1, 2e-3);
}

TEST(AdaptiveExponentialTest, WithoutSpikesItRestsWhereBothSlopesVanish) {
  Cells cells(AdEx(", current: 300"), 0.1);
  EXPECT_TRUE(cells.SpikesUntil(2000).empty());
  const double v = cells("v");
  EXPECT_NEAR(cells("w"), 4 * (v + 70.6), 1e-3);
  EXPECT_NEAR(
      -30 * (v + 70.6) + 60 * std::exp((v + 50.4) / 2) - cells("w") + 300, 0,
      1e-2);
}

double FirstSpike(double dt) {
  Cells cells(AdEx(", current: 1500"), dt);
  return cells.SpikesUntil(50).front();
}

TEST(AdaptiveExponentialTest, FirstSpikeConvergesInFirstOrder) {
  const double exact = FirstSpike(0.0005);
  const double coarse = FirstSpike(0.04) - exact,
               fine = FirstSpike(0.01) - exact;
  // Both are known to a step.
  EXPECT_GT(coarse, fine);
  EXPECT_NEAR(coarse, 4 * fine, 0.04);
  EXPECT_LT(std::abs(fine), 0.05);
}

TEST(AdaptiveExponentialTest, RefractoryTimeHoldsTheReset) {
  Cells cells(AdEx(", current: 2000, t_ref: 3"), 0.1);
  while (cells.Step().empty()) {
  }
  for (int k = 0; k < 30; ++k) {
    EXPECT_EQ(cells("v"), -70.6);
    cells.Step();
  }
  cells.Step();
  EXPECT_GT(cells("v"), -70.6);
}

TEST(AdaptiveExponentialTest, StrongInputStaysFinite) {
  Cells cells(AdEx(", current: 1e6"), 0.1);
  for (int k = 0; k < 1000; ++k) cells.Step();
  EXPECT_TRUE(std::isfinite(cells("v")));
  EXPECT_TRUE(std::isfinite(cells("w")));
}

TEST(AdaptiveExponentialTest, RefusesWhatCannotBe) {
  EXPECT_THAT(CellsFault(AdEx(", v_peak: -60")), HasSubstr("v_t = -50.4"));
  EXPECT_THAT(Instability(AdEx(", tau_e: 0.05"), 0.2), HasSubstr("tau_e"));
}

}  // namespace
}  // namespace engram
