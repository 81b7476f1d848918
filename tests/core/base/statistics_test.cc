#include "core/base/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace engram::statistics {
namespace {

using Numbers = std::vector<double>;

TEST(StatisticsTest, SumsOfKnownNumbers) {
  Numbers x;
  for (int i = 1; i <= 101; ++i) x.push_back(i);
  EXPECT_EQ(Sum(x), 5151);
  EXPECT_EQ(SumOfSquares(x), 101.0 * 102 * 203 / 6);
  EXPECT_EQ(Dot(x, x), SumOfSquares(x));
  EXPECT_EQ(Sum({}), 0);
  EXPECT_EQ(LargestMagnitude(Numbers{1, -3, 2}), 3);
}

TEST(StatisticsTest, SumsDoNotDependOnAlignment) {
  Numbers x(301);
  for (size_t i = 0; i < x.size(); ++i) x[i] = 1.0 / static_cast<double>(i + 1);
  const double sum = Sum(std::span(x).first(290));
  for (size_t shift = 1; shift < 9; ++shift) {
    Numbers moved(shift);
    moved.insert(moved.end(), x.begin(), x.begin() + 290);
    EXPECT_EQ(Sum(std::span(moved).subspan(shift)), sum);
  }
}

TEST(StatisticsTest, FindsWhatIsNotFinite) {
  Numbers x(20, 1e300);
  EXPECT_TRUE(AllFinite(x));
  x[13] = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(AllFinite(x));
  x[13] = std::nan("");
  EXPECT_FALSE(AllFinite(x));
}

TEST(StatisticsTest, MeanVarianceMedian) {
  EXPECT_EQ(Mean(Numbers{1, 2, 6}), 3.0);
  EXPECT_EQ(Variance(Numbers{1, 2, 6}), 7.0);
  EXPECT_EQ(Median(Numbers{6, 1, 2}), 2.0);
  EXPECT_EQ(Median(Numbers{6, 1, 2, 4}), 3.0);
  EXPECT_EQ(Mean({}), std::nullopt);
  EXPECT_EQ(Variance(Numbers{1}), std::nullopt);
  EXPECT_EQ(Median({}), std::nullopt);
}

TEST(StatisticsTest, CorrelationOfLinesAndOfConstants) {
  const Numbers x = {1, 2, 3, 4};
  EXPECT_DOUBLE_EQ(*Correlation(x, Numbers{3, 5, 7, 9}), 1);
  EXPECT_DOUBLE_EQ(*Correlation(x, Numbers{4, 3, 2, 1}), -1);
  EXPECT_DOUBLE_EQ(*Correlation(x, Numbers{1, -1, -1, 1}), 0);
  EXPECT_EQ(Correlation(x, Numbers{2, 2, 2, 2}), std::nullopt);
}

TEST(StatisticsTest, KendallCountsPairsAndTies) {
  const Numbers x = {1, 2, 3, 4};
  EXPECT_EQ(KendallTau(x, Numbers{10, 20, 30, 40}), 1.0);
  EXPECT_EQ(KendallTau(x, Numbers{4, 3, 2, 1}), -1.0);
  // One of six pairs is the other way round.
  EXPECT_DOUBLE_EQ(*KendallTau(x, Numbers{1, 3, 2, 4}), 4.0 / 6);
  // One tie in y: 5 pairs that agree over sqrt(6 * 5).
  EXPECT_DOUBLE_EQ(*KendallTau(x, Numbers{1, 2, 2, 4}), 5 / std::sqrt(30.0));
  EXPECT_EQ(KendallTau(x, Numbers{1, 1, 1, 1}), std::nullopt);
  EXPECT_EQ(KendallTau(Numbers{1}, Numbers{1}), std::nullopt);
}

}  // namespace
}  // namespace engram::statistics
