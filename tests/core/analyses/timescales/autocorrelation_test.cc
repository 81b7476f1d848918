#include "core/analyses/timescales/autocorrelation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/analyses/timescales/decay_fit.h"
#include "core/base/random.h"

namespace engram {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

TEST(AutocovarianceTest, IsTheSumOverPairsByTheirNumberLessOne) {
  const std::vector<double> x = {1, 3, -2, 0, 8};  // mean 2: -1, 1, -4, -2, 6
  EXPECT_THAT(Autocovariance(x, 2),
              ElementsAre((1.0 + 1 + 16 + 4 + 36) / 4, (-1.0 - 4 + 8 - 12) / 3,
                          (4.0 - 2 - 24) / 2));
}

TEST(AutocorrelationsTest, TrialsAreAveragedBeforeTheyAreNormalised) {
  // Of the first trial c = (2/3, -1/2), of the second, with n = 3, (4, 0).
  Array<double> first(4, 1), second(3, 1);
  const double one[] = {1, 0, 1, 0}, two[] = {6, 4, 2};
  for (int k = 0; k < 4; ++k) first[k] = 2 * one[k];
  for (int k = 0; k < 3; ++k) second[k] = two[k];
  Autocorrelations both(1, 1);
  both.Add(first);
  both.Add(second);
  const double c_0 = 4.0 / 3 + 4, c_1 = -3.0 / 2 + 0;
  EXPECT_THAT(*both.Of(0), ElementsAre(1, DoubleNear(c_1 / c_0, 1e-15)));
}

TEST(AutocorrelationsTest, UnitsStayApart) {
  Array<double> activity(6, 2);
  for (int64_t t = 0; t < 6; ++t) {
    activity(t, 0) = static_cast<double>(t % 2);
    activity(t, 1) = static_cast<double>(t);
  }
  Autocorrelations units(2, 1);
  units.Add(activity);
  EXPECT_LT((*units.Of(0))[1], -0.9);
  EXPECT_GT((*units.Of(1))[1], 0.5);
  EXPECT_THAT(PopulationMean(activity), ElementsAre(0, 1, 1, 2, 2, 3));
}

TEST(AutocorrelationsTest, WhatNeverChangesOrIsNotFiniteHasNone) {
  Autocorrelations units(2, 2);
  Array<double> activity(10, 2);
  for (int64_t t = 0; t < 10; ++t) {
    activity(t, 0) = 0.1;  // its mean is not exactly 0.1
    activity(t, 1) = std::numeric_limits<double>::infinity();
  }
  units.Add(activity);
  EXPECT_FALSE(units.Of(0).has_value());
  EXPECT_FALSE(units.Of(1).has_value());
}

// One leaky unit in discrete time, r <- (1 - 1/tau) r + S / tau with bits S of
// chance 1/2, is an autoregression of first order: its autocorrelation falls by
// 1 - 1/tau a step, exp(-1 / tau_net) with tau_net = -1 / ln(1 - 1/tau). The
// estimate of the ratio over n steps spreads by sqrt((1 - ratio^2) / n) (Mann
// and Wald 1943, doi:10.2307/1905674), 7e-4 here at most: bounds are above 4 of
// them, and for tau_net twice as wide as they give, near ratio 1 by
// d tau_net / d ratio = tau_net^2 / ratio.
TEST(LeakyUnitTest, ItsAutocorrelationFallsByItsLeak) {
  constexpr int64_t kSteps = 1'000'000, kLags = 30;
  const RandomStream bits(3, "test", "bits");
  std::vector<double> uniform(kSteps);
  bits.Fill(0, uniform);
  for (const double tau : {2.0, 5.0, 10.0}) {
    std::vector<double> r(kSteps);
    double state = 0.5;
    for (size_t t = 0; t < r.size(); ++t) {
      state += ((uniform[t] < 0.5 ? 1 : 0) - state) / tau;
      r[t] = state;
    }
    Autocorrelations unit(1, kLags);
    unit.Add(0, r);
    const std::vector<double> correlation = *unit.Of(0);
    EXPECT_NEAR(correlation[1], 1 - 1 / tau, 0.003);
    const double tau_net = -1 / std::log(1 - 1 / tau);
    const auto one = FitOneDecay({.y = correlation}, 100);
    ASSERT_TRUE(one.has_value());
    EXPECT_NEAR(one->tau, tau_net, 0.02 * tau_net);
    const auto chosen = FitDecay({.y = correlation}, 100);
    EXPECT_NEAR(chosen->tau, tau_net, 0.02 * tau_net) << chosen->terms;
  }
}

// An Ornstein-Uhlenbeck process, sampled exactly every dt, forgets by
// exp(-dt / tau). Over a duration D the estimate of tau spreads by
// tau sqrt(2 tau / D) for tau above dt: 3.2 % here; the bound is 4 of them.
TEST(OrnsteinUhlenbeckTest, ItsTimeConstantIsFound) {
  constexpr double kTau = 50, kDt = 5;
  constexpr int64_t kSteps = 20'000;
  const RandomStream noise(4, "test", "noise");
  std::vector<double> z(kSteps), x(kSteps);
  noise.FillNormal(0, z);
  const double left = std::exp(-kDt / kTau);
  for (size_t t = 1; t < x.size(); ++t) {
    x[t] = left * x[t - 1] + std::sqrt(1 - left * left) * z[t];
  }
  Autocorrelations unit(1, 40);
  unit.Add(0, x);
  const auto fit = FitOneDecay({.y = *unit.Of(0), .dt = kDt}, 1000);
  EXPECT_NEAR(fit->tau, kTau, 4 * 0.032 * kTau);
  EXPECT_GT(fit->amplitude, 0.95);
}

}  // namespace
}  // namespace engram
