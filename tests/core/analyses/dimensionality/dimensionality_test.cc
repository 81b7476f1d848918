#include "core/analyses/dimensionality/dimensionality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/base/random.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(DimensionalityTest, CountsComponentsThatCarryVariance) {
  const auto equal = DimensionalityOf(std::vector<double>{2, 2, 2, 2}, 0.9);
  EXPECT_DOUBLE_EQ(equal->participation, 4);
  EXPECT_EQ(equal->components, 4);
  EXPECT_EQ(equal->variance, 8);
  const auto one = DimensionalityOf(std::vector<double>{5, 0, 0}, 1);
  EXPECT_DOUBLE_EQ(one->participation, 1);
  EXPECT_EQ(one->components, 1);
  const std::vector<double> falling = {6, 3, 1};
  EXPECT_DOUBLE_EQ(DimensionalityOf(falling, 0.9)->participation, 100.0 / 46);
  EXPECT_EQ(DimensionalityOf(falling, 0.6)->components, 1);
  EXPECT_EQ(DimensionalityOf(falling, 0.61)->components, 2);
  EXPECT_EQ(DimensionalityOf(falling, 0.9)->components, 2);
  EXPECT_EQ(DimensionalityOf(falling, 0.91)->components, 3);
  EXPECT_FALSE(DimensionalityOf(std::vector<double>{0, 0}, 0.9).has_value());
}

// x = (1, 3, 2, 6) and y = 2 x over two trials: all variance, 14 / 3 times
// 1 + 4, lies along (1, 2).
TEST(ActivityCovarianceTest, IsThatOfAllSamplesOfAllTrials) {
  Array<double> first(1, 2), second(3, 2);
  first(0, 0) = 1, second(0, 0) = 3, second(1, 0) = 2, second(2, 0) = 6;
  first(0, 1) = 2, second(0, 1) = 6, second(1, 1) = 4, second(2, 1) = 12;
  ActivityCovariance covariance(2);
  covariance.Add(first);
  EXPECT_THAT(covariance.Variances(), IsEmpty());  // one sample
  covariance.Add(second);
  EXPECT_THAT(covariance.Variances(),
              ElementsAre(DoubleNear(70.0 / 3, 1e-13), DoubleNear(0, 1e-13)));
}

TEST(ActivityCovarianceTest, LargeMeansCostNoDigits) {
  ActivityCovariance covariance(1);
  Array<double> activity(4, 1);
  for (int64_t t = 0; t < 4; ++t) {
    activity[t] = 1e9 + static_cast<double>(t);
  }
  covariance.Add(activity);
  EXPECT_THAT(covariance.Variances(), ElementsAre(DoubleNear(5.0 / 3, 1e-12)));
}

TEST(ActivityCovarianceTest, WhatNeverChangesOrIsNotFiniteHasNone) {
  Array<double> activity(5, 2);
  activity.Fill(0.1);
  ActivityCovariance constant(2), infinite(2);
  constant.Add(activity);
  EXPECT_THAT(constant.Variances(), IsEmpty());
  activity(3, 1) = std::numeric_limits<double>::infinity();
  infinite.Add(activity);
  EXPECT_THAT(infinite.Variances(), IsEmpty());
}

// n units that vary alone and alike, m samples: n / (1 + n / m) = 18.18, as
// E[tr C]^2 = n^2 and E[tr C^2] = n + n^2 / m. The ratio spreads by less than
// 1 / m of itself times a few; the bound is 2 %.
TEST(ActivityCovarianceTest, IndependentUnitsHaveTheirNumberLessTheSampling) {
  constexpr int64_t kUnits = 20, kSamples = 200;
  ActivityCovariance covariance(kUnits);
  Array<double> activity(kSamples, kUnits);
  RandomStream(2, "test", "noise").FillNormal(0, activity.span());
  covariance.Add(activity);
  const double expected = kUnits / (1 + 1.0 * kUnits / kSamples);
  EXPECT_NEAR(DimensionalityOf(covariance.Variances(), 0.9)->participation,
              expected, 0.02 * expected);
}

// Modes of a symmetric coupling have variances 1 / (1 - lambda): for lambda =
// +-0.5 they are 2 and 2/3, and the participation ratio is (8/3)^2 / (40/9) =
// 1.6. A variance over 200 s spreads by sqrt(2 40 ms / 200 s) = 2 %, and the
// ratio by less than half of that.
TEST(DimensionalityAnalysisTest, CoupledPopulationsHaveThatOfTheirModes) {
  const auto run = RunTree(
      Tree("{type: dynamics_analysis, system: {type: rate_populations, "
           "coupling: "
           "[[0, 0.5], [0.5, 0]], gain_function: tanh}, analyses: [{type: "
           "dimensionality, sigma: 0.02, every: 4 ms, low: 0, high: 1e-6, "
           "activity: potentials, share: 0.7}]}"),
      1);
  EXPECT_NEAR((*run)["participation_ratio"], 1.6, 0.06);
  EXPECT_EQ((*run)["components"], 1);
  const double variance = 0.02 * 0.02 * 8 / 3;
  EXPECT_NEAR((*run)["total_variance"], variance, 0.08 * variance);
  const auto& points = run->record.series.at("explained_variance").points;
  ASSERT_EQ(points.size(), 2u);
  EXPECT_NEAR(points[0].second.value(), 0.75, 0.02);
  EXPECT_NEAR(points[1].second.value(), 1, 1e-12);
}

}  // namespace
}  // namespace engram
