#include "core/base/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace engram {
namespace {

using ::testing::HasSubstr;

double Read(absl::string_view text, absl::string_view unit) {
  const absl::StatusOr<double> value = ReadQuantity(text, unit);
  EXPECT_TRUE(value.ok()) << value.status();
  return value.value_or(-12345);
}

std::string Refusal(absl::string_view text, absl::string_view unit) {
  const absl::StatusOr<double> value = ReadQuantity(text, unit);
  return value.ok() ? "accepted" : std::string(value.status().message());
}

TEST(UnitsTest, APlainNumberIsInTheUnitAlready) {
  EXPECT_EQ(Read("20", "ms"), 20.0);
  EXPECT_EQ(Read("-2.5e-3", "1"), -2.5e-3);
  EXPECT_EQ(Read(".5", "1"), 0.5);
  EXPECT_EQ(Read("5.", "1"), 5.0);
  EXPECT_EQ(Read("+0", "1"), 0.0);
}

TEST(UnitsTest, PowersOfTenConvertToTheBit) {
  EXPECT_EQ(Read("0.02 s", "ms"), Read("20 ms", "ms"));
  EXPECT_EQ(Read("0.07 s", "ms"), 70.0);
  EXPECT_EQ(Read("1.1 ms", "us"), 1100.0);
  EXPECT_EQ(Read("2 GB", "B"), 2e9);
  EXPECT_EQ(Read("1 mM", "mol/m^3"), 1.0);
  EXPECT_EQ(Read("50 %", "1"), 0.5);
  EXPECT_EQ(Read("3µV", "mV"), 0.003);
}

TEST(UnitsTest, OtherFactorsConvertToo) {
  EXPECT_EQ(Read("2 h", "s"), 7200.0);
  EXPECT_EQ(Read("120 s", "min"), 2.0);
  EXPECT_EQ(Read("2 GiB", "B"), 2147483648.0);
  EXPECT_NEAR(Read("180 deg", "rad"), 3.14159265358979, 1e-14);
}

TEST(UnitsTest, CompoundUnitsHaveTheirDimension) {
  EXPECT_EQ(Read("1000 1/(s Hz^2)", "1/(ms Hz^2)"), 1.0);
  EXPECT_EQ(Read("1 nS*mV", "pA"), 1.0);
  EXPECT_EQ(Read("1 pA ms/pF", "mV"), 1.0);
  EXPECT_EQ(Read("5 1/s", "Hz"), 5.0);
  EXPECT_EQ(Read("3 ms^-1", "Hz"), 3000.0);
  EXPECT_EQ(Read("2 J/C", "V"), 2.0);
}

TEST(UnitsTest, AnotherDimensionIsRefused) {
  EXPECT_THAT(Refusal("20 mV", "ms"), HasSubstr("cannot be converted to ms"));
  EXPECT_THAT(Refusal("20 ms", "1"), HasSubstr("which has no unit"));
  EXPECT_THAT(Refusal("20 lightyears", "m"), HasSubstr("not a known unit"));
  EXPECT_THAT(Refusal("20 ms)", "ms"), HasSubstr("not a known unit"));
  EXPECT_THAT(Refusal("20 (ms", "ms"), HasSubstr("not a known unit"));
}

TEST(UnitsTest, WhatIsNoDecimalNumberIsRefused) {
  for (const char* text :
       {"", "x", "ms", "-", ".", "e5", "nan", "inf", "--1"}) {
    EXPECT_THAT(Refusal(text, "1"), HasSubstr("is not a number")) << text;
  }
  for (const char* text : {"010", "0o17", "0x1F", "007.5", "-012"}) {
    EXPECT_THAT(Refusal(text, "1"), HasSubstr("octal")) << text;
  }
  EXPECT_THAT(Refusal("1e999", "1"), HasSubstr("beyond the range"));
  EXPECT_THAT(Refusal("1e99999999999", "1"), HasSubstr("beyond the range"));
  EXPECT_EQ(Read("1e-999", "1"), 0.0);
}

TEST(UnitsTest, AnUnknownUnitIsMatchedAsText) {
  EXPECT_EQ(Read("5 trials", "trials"), 5.0);
  EXPECT_EQ(Read("5", "trials"), 5.0);
  EXPECT_NE(Refusal("5 ms", "trials"), "accepted");
}

TEST(UnitsTest, ANumberWithSomethingBehindItHasAUnit) {
  for (const char* text : {"5 pA", " -0.5nA ", "1e3 1/s", "5 what", "5e"}) {
    EXPECT_TRUE(HasUnit(text)) << text;
  }
  for (const char* text : {"5", "-1e3 ", "pA", "", "0x10"}) {
    EXPECT_FALSE(HasUnit(text)) << text;
  }
}

TEST(UnitsTest, DeepBracketsAreRefused) {
  const std::string deep =
      std::string(100000, '(') + "ms" + std::string(100000, ')');
  EXPECT_FALSE(Unit::Parse(deep).has_value());
  EXPECT_FALSE(Unit::Parse("ms^1000").has_value());
}

}  // namespace
}  // namespace engram
