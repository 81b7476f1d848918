#include "docs/plot_scale.h"

#include <gtest/gtest.h>

namespace engram {
namespace {

TEST(PlotScaleTest, TicksAreRoundNumbersWithinTheRange) {
  const PlotScale scale = ScaleOf({-100, 3, 100}, false);
  EXPECT_EQ(scale.low, -100);
  EXPECT_EQ(scale.high, 100);
  EXPECT_EQ(scale.ticks, (std::vector<double>{-100, -50, 0, 50, 100}));
  EXPECT_EQ(ScaleOf({0, 0.9}, false).ticks,
            (std::vector<double>{0, 0.2, 0.4, 0.2 * 3, 0.8}));
}

TEST(PlotScaleTest, PaddedRangesHoldZero) {
  const PlotScale above = ScaleOf({2, 10}, true);
  EXPECT_EQ(above.low, 0);
  EXPECT_DOUBLE_EQ(above.high, 10.8);
  const PlotScale below = ScaleOf({-10, -2}, true);
  EXPECT_DOUBLE_EQ(below.low, -10.8);
  EXPECT_EQ(below.high, 0);
}

TEST(PlotScaleTest, SmallNumbersAreWrittenWithAPowerOfTen) {
  const PlotScale scale = ScaleOf({0, 4e-5}, false);
  EXPECT_EQ(scale.power, -5);
  EXPECT_EQ(TickText(-2e-5, scale), "−2");
  EXPECT_EQ(LabelWithPower("weight change [1]", -5), "weight change [10⁻⁵]");
  EXPECT_EQ(LabelWithPower("rate [Hz]", 4), "rate [10⁴ Hz]");
  EXPECT_EQ(LabelWithPower("rate [Hz]", 0), "rate [Hz]");
}

TEST(PlotScaleTest, AConstantHasARangeToo) {
  const PlotScale scale = ScaleOf({0, 0}, true);
  EXPECT_LT(scale.low, scale.high);
}

}  // namespace
}  // namespace engram
