#include <gtest/gtest.h>

#include <cmath>

#include "core/analyses/spiking/brunel_mean_field.h"
#include "core/analyses/spiking/siegert.h"

namespace engram {
namespace {

// SciPy 1.x, scipy.special.erfcx.
TEST(SiegertTest, ScaledErfcAgreesWithSciPy) {
  EXPECT_NEAR(ScaledErfc(0), 1, 1e-15);
  EXPECT_NEAR(ScaledErfc(0.5), 0.6156903441929258, 1e-14);
  EXPECT_NEAR(ScaledErfc(1), 0.427583576155807, 1e-14);
  EXPECT_NEAR(ScaledErfc(2), 0.2553956763105058, 1e-13);
  EXPECT_NEAR(ScaledErfc(5), 0.11070463773306861, 1e-15);
  EXPECT_NEAR(ScaledErfc(10), 0.05614099274382259, 1e-16);
  EXPECT_NEAR(ScaledErfc(100), 0.005641613782989433, 1e-17);
}

TEST(SiegertTest, BothFormsOfScaledErfcMeet) {
  EXPECT_NEAR(ScaledErfc(2 - 1e-9), ScaledErfc(2 + 1e-9), 1e-9);
}

// SciPy's adaptive quadrature of the same integral.
TEST(SiegertTest, AgreesWithAdaptiveQuadrature) {
  const NoisyUnit unit;
  EXPECT_NEAR(SiegertRate(unit, 15, 3), 2.2880430157770233, 1e-8);
  EXPECT_NEAR(SiegertRate(unit, 5, 4) / 7.943510217801639e-05, 1, 1e-6);
}

TEST(SiegertTest, WithoutNoiseItIsTheLeakyIntegrator) {
  const NoisyUnit unit;
  // From reset 10 towards 25 the threshold 20 is passed after
  // tau log(15 / 5); noise moves the rate in second order.
  const double ms = 2 + 20 * std::log(15.0 / 5);
  EXPECT_NEAR(SiegertRate(unit, 25, 1e-3), 1000 / ms, 1e-5);
  EXPECT_EQ(SiegertRate(unit, 15, 1e-3), 0);
}

TEST(SiegertTest, RisesToTheRefractoryBound) {
  const NoisyUnit unit;
  double last = 0;
  for (double mu = 0; mu <= 2000; mu += 20) {
    const double rate = SiegertRate(unit, mu, 5);
    EXPECT_GT(rate, last);
    last = rate;
  }
  EXPECT_LT(last, 500);
  EXPECT_GT(last, 450);
}

struct Regime {
  const char* name;
  double g, external_ratio, rate_hz;
};

// Rates of the four regimes of Brunel's figure 8 by SciPy's quadrature and
// root finder.
TEST(BrunelMeanFieldTest, RatesOfTheFourRegimes) {
  constexpr Regime kRegimes[] = {{"A", 3, 2, 327.00847929494},
                                 {"B", 6, 4, 55.84126237620439},
                                 {"C", 5, 2, 37.94969708576336},
                                 {"D", 4.5, 0.9, 6.516702268415217}};
  for (const Regime& regime : kRegimes) {
    const auto rates = StationaryRates(
        {.unit = {}, .g = regime.g, .external_ratio = regime.external_ratio});
    ASSERT_EQ(rates.size(), 1u) << regime.name;
    EXPECT_NEAR(rates[0].rate_hz / regime.rate_hz, 1, 1e-8) << regime.name;
    EXPECT_TRUE(rates[0].is_stable) << regime.name;
  }
}

TEST(BrunelMeanFieldTest, MomentsByHand) {
  const BrunelNetwork network{.unit = {}, .g = 5, .external_ratio = 2};
  EXPECT_DOUBLE_EQ(network.ThresholdRate(), 10);
  // 1000 0.1 0.02 (20 + 10 (1 - 1.25)) and 0.1 sqrt(20 (20 + 10 (1 + 6.25)))
  EXPECT_NEAR(network.Mu(10), 35, 1e-12);
  EXPECT_NEAR(network.Sigma(10), 0.1 * std::sqrt(20 * 92.5), 1e-12);
}

TEST(BrunelMeanFieldTest,
     WeakExcitationHasThreeRatesOfWhichTheMiddleIsUnstable) {
  const auto rates =
      StationaryRates({.unit = {}, .g = 3, .external_ratio = 0.5});
  ASSERT_EQ(rates.size(), 3u);
  EXPECT_TRUE(rates[0].is_stable);
  EXPECT_FALSE(rates[1].is_stable);
  EXPECT_TRUE(rates[2].is_stable);
  EXPECT_LT(rates[0].rate_hz, 1);
  EXPECT_GT(rates[2].rate_hz, 100);
}

TEST(BrunelMeanFieldTest, WithoutInputSilenceStays) {
  const auto rates = StationaryRates({.unit = {}, .g = 5, .external_ratio = 0});
  ASSERT_GE(rates.size(), 1u);
  EXPECT_EQ(rates[0].rate_hz, 0);
  EXPECT_TRUE(rates[0].is_stable);
}

}  // namespace
}  // namespace engram
