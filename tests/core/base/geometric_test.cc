#include "core/base/geometric.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace engram {
namespace {

TEST(GeometricTest, IsTheLogarithmWhereOneLessPIsBelowOne) {
  for (const double p : {0.999, 0.5, 0.1, 1e-3, 1e-10}) {
    EXPECT_EQ(LogOfSilence(p), math::Log(1 - p));
  }
}

// 1 - p is 1 there, and its logarithm, 0, would send a gap back in time.
TEST(GeometricTest, IsMinusPWhereThatIsTooSmallToBeSeen) {
  for (const double p : {5e-17, 1e-17, 1e-100, 1e-300}) {
    EXPECT_DOUBLE_EQ(LogOfSilence(p), std::log1p(-p));
  }
}

TEST(GeometricTest, GapsAreFiniteForEveryChance) {
  const double least = std::numeric_limits<double>::denorm_min();
  for (const double p : {0.0, least, 1e-310, 1e-300}) {
    for (const double u : {1.0, 0.5, 0x1p-54}) {
      const double gap = math::Log(u) / LogOfSilence(p);
      EXPECT_TRUE(std::isfinite(gap)) << p << " " << u;
      EXPECT_GE(gap, 0) << p << " " << u;
    }
    EXPECT_GT(math::Log(0.999) / LogOfSilence(p), 1e290);
  }
}

}  // namespace
}  // namespace engram
