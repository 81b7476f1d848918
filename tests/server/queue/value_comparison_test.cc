#include "server/queue/value_comparison.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram {
namespace {

using ::testing::DoubleEq;
using ::testing::Optional;
using ::testing::SizeIs;

ComparedValue Compare(double stored, double now) {
  const store::SummaryRow row{"rate", "Hz", stored, ""};
  return CompareValues({&row, 1}, {{"rate", {"rate", "Hz", now, ""}}}).at(0);
}

TEST(ValueComparisonTest, DifferenceIsRelativeToTheLarger) {
  EXPECT_THAT(Compare(8, 10).relative_difference, Optional(DoubleEq(0.2)));
  EXPECT_THAT(Compare(10, 8).relative_difference, Optional(DoubleEq(0.2)));
  EXPECT_THAT(Compare(-1, 1).relative_difference, Optional(DoubleEq(2)));
  EXPECT_THAT(Compare(0, 0).relative_difference, Optional(DoubleEq(0)));
  EXPECT_THAT(Compare(0, 3).relative_difference, Optional(DoubleEq(1)));
}

TEST(ValueComparisonTest, DifferenceOfHugeValuesIsFinite) {
  const double most = std::numeric_limits<double>::max();
  EXPECT_THAT(Compare(most, -most).relative_difference, Optional(DoubleEq(2)));
}

TEST(ValueComparisonTest, CloseIsWithinTheTolerance) {
  EXPECT_TRUE(Compare(100, 95.1).IsClose());
  EXPECT_FALSE(Compare(100, 94.9).IsClose());
}

TEST(ValueComparisonTest, AbsentInBothIsTheSame) {
  const store::SummaryRow row{"rate", "Hz", 0, "no spikes"};
  const auto values =
      CompareValues({&row, 1}, {{"rate", {"rate", "Hz", 0, "silent"}}});
  EXPECT_THAT(values.at(0).relative_difference, Optional(DoubleEq(0)));
  EXPECT_FALSE(values.at(0).stored.has_value());
}

TEST(ValueComparisonTest, WhatOnlyOneHasIsNotClose) {
  const store::SummaryRow rows[] = {{"old", "1", 1, ""}, {"rate", "Hz", 5, ""}};
  const auto values = CompareValues(
      rows,
      {{"new", {"new", "1", 2, ""}}, {"rate", {"rate", "Hz", 0, "silent"}}});
  ASSERT_THAT(values, SizeIs(3));
  EXPECT_EQ(values[0].name, "new");
  EXPECT_EQ(values[1].name, "old");
  EXPECT_EQ(values[2].name, "rate");
  for (const ComparedValue& value : values) EXPECT_FALSE(value.IsClose());
}

TEST(ValueComparisonTest, AnotherUnitIsNotClose) {
  const store::SummaryRow row{"rate", "Hz", 5, ""};
  const auto values =
      CompareValues({&row, 1}, {{"rate", {"rate", "1/ms", 5, ""}}});
  EXPECT_FALSE(values.at(0).IsClose());
}

}  // namespace
}  // namespace engram
