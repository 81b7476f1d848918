#include "core/analyses/timescales/decay_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace engram {
namespace {

// y(k) for k = 0 .. n - 1.
template <class F>
std::vector<double> Curve(int n, F y) {
  std::vector<double> curve;
  for (int k = 0; k < n; ++k) curve.push_back(y(k));
  return curve;
}

std::vector<double> Wavy() {
  return Curve(31, [](double k) {
    return 0.9 * std::exp(-k / 4) + 0.02 * std::sin(1.7 * k);
  });
}

std::vector<double> WavyMixture() {
  return Curve(41, [](double k) {
    return 0.95 * (0.6 * std::exp(-k / 2) + 0.4 * std::exp(-k / 15)) +
           0.003 * std::cos(2.3 * k);
  });
}

// Golden numbers of scipy 1.17.1: curve_fit (trust region reflective) with the
// same bounds, xtol = ftol = gtol = 1e-15, the best of several starts; AIC by
// hand from its sum of squares.
TEST(DecayFitTest, OneTermAgreesWithScipy) {
  const std::vector<double> y = Wavy();
  const auto fit = FitOneDecay({.y = y}, 100);
  EXPECT_NEAR(fit->amplitude, 0.9051240865503508, 1e-7);
  EXPECT_NEAR(fit->tau, 3.9798511251905877, 1e-6);
  EXPECT_NEAR(fit->squares, 0.006061107998721154, 1e-15);
  EXPECT_NEAR(fit->aic, -260.73534572280926, 1e-9);
}

TEST(DecayFitTest, TwoTermsAgreeWithScipy) {
  const std::vector<double> y = WavyMixture();
  const auto fit = FitTwoDecays({.y = y}, 100);
  EXPECT_NEAR(fit->amplitude, 0.9521968519470012, 1e-6);
  EXPECT_NEAR(fit->share, 0.5992464970699801, 1e-6);
  EXPECT_NEAR(fit->tau_fast, 1.9814495039799551, 1e-5);
  EXPECT_NEAR(fit->tau, 14.950034359575582, 1e-4);
  EXPECT_NEAR(fit->squares, 0.00017822600984177656, 1e-14);
  EXPECT_NEAR(fit->aic, -498.18723662456466, 1e-6);
}

// There the two time constants nearly meet, along a valley.
TEST(DecayFitTest, ASecondTermThatIsNotThereGainsAsLittleAsScipyFinds) {
  const std::vector<double> y = Wavy();
  EXPECT_LE(FitTwoDecays({.y = y}, 100)->squares, 0.006058495170899008 + 1e-9);
  const auto chosen = FitDecay({.y = y}, 100);
  EXPECT_EQ(chosen->terms, 1);
  EXPECT_EQ(chosen->tau_fast, 0);
}

// The amplitude would be 1.3: scipy with the bound gives this tau.
TEST(DecayFitTest, TheAmplitudeStaysAtItsBound) {
  const std::vector<double> y = Curve(
      31, [](double k) { return 1.3 * std::exp(-k / 3) + 0.01 * std::sin(k); });
  const auto fit = FitOneDecay({.y = y}, 100);
  EXPECT_DOUBLE_EQ(fit->amplitude, 1);
  EXPECT_NEAR(fit->tau, 3.822665015003727, 1e-6);
  EXPECT_NEAR(fit->squares, 0.1352676333869147, 1e-12);
}

TEST(DecayFitTest, ATimeConstantStaysWithinItsBounds) {
  const std::vector<double> slow =
      Curve(31, [](double k) { return std::exp(-k / 500); });
  EXPECT_NEAR(FitOneDecay({.y = slow}, 100)->tau, 100, 1e-9);
  std::vector<double> white(31, 0.0);
  white[0] = 1;
  const auto fit = FitOneDecay({.y = white}, 100);
  EXPECT_LT(fit->tau, 0.1);
  EXPECT_NEAR(fit->amplitude, 1, 1e-12);
}

TEST(DecayFitTest, ExactMixturesAreRecovered) {
  for (const double share : {0.2, 0.5, 0.9}) {
    for (const double fast : {1.0, 3.0}) {
      const std::vector<double> y = Curve(61, [&](double k) {
        return 0.8 * (share * std::exp(-k / fast) +
                      (1 - share) * std::exp(-k / (8 * fast)));
      });
      const auto fit = FitDecay({.y = y}, 100);
      ASSERT_EQ(fit->terms, 2);
      EXPECT_NEAR(fit->amplitude, 0.8, 1e-7);
      EXPECT_NEAR(fit->share, share, 1e-6);
      EXPECT_NEAR(fit->tau_fast, fast, 1e-5 * fast);
      EXPECT_NEAR(fit->tau, 8 * fast, 1e-5 * 8 * fast);
      EXPECT_NEAR(fit->At(7), y[7], 1e-7);
    }
  }
}

// A constant below a decay looks like a second one without end.
TEST(DecayFitTest, ASecondTermAtTheBoundIsNotChosen) {
  const std::vector<double> y =
      Curve(31, [](double k) { return 0.9 * std::exp(-k / 4) + 0.05; });
  const auto two = FitTwoDecays({.y = y}, 100);
  EXPECT_NEAR(two->tau, 100, 1e-9);
  EXPECT_LT(two->aic, FitOneDecay({.y = y}, 100)->aic);
  EXPECT_EQ(FitDecay({.y = y}, 100)->terms, 1);
}

TEST(DecayFitTest, AnExactDecayNeedsOneTerm) {
  const std::vector<double> y =
      Curve(31, [](double k) { return 0.7 * std::exp(-k / 6); });
  const auto fit = FitDecay({.y = y}, 100);
  EXPECT_EQ(fit->terms, 1);
  EXPECT_NEAR(fit->tau, 6, 1e-8);
  EXPECT_NEAR(fit->At(3), y[3], 1e-9);
}

// Lags in steps of 2 ms that begin at 4 ms: the same curve, the same constants.
TEST(DecayFitTest, TimesAreThoseOfTheLags) {
  const std::vector<double> y =
      Curve(31, [](double k) { return 0.7 * std::exp(-(4 + 2 * k) / 20); });
  const auto fit = FitOneDecay({.y = y, .dt = 2, .first = 4}, 100);
  EXPECT_NEAR(fit->tau, 20, 1e-7);
  EXPECT_NEAR(fit->amplitude, 0.7, 1e-9);
}

TEST(DecayFitTest, WhereNothingDecaysThereIsNone) {
  const std::vector<double> short_one = {1, 0.5};
  EXPECT_FALSE(FitDecay({.y = short_one}, 100).has_value());
  const std::vector<double> four = {1, 0.5, 0.25, 0.2};
  EXPECT_FALSE(FitTwoDecays({.y = four}, 100).has_value());
  EXPECT_EQ(FitDecay({.y = four}, 100)->terms, 1);
  const std::vector<double> below(10, -0.1);
  EXPECT_FALSE(FitDecay({.y = below}, 100).has_value());
}

}  // namespace
}  // namespace engram
