#include "core/base/numerics.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cfenv>
#include <limits>
#include <string>
#include <thread>

namespace engram {
namespace {

// Volatile, so that the machine divides and not the compiler.
double Halved(double x) {
  volatile double value = x;
  value = value / 2;
  return value;
}

constexpr double kSmallest = std::numeric_limits<double>::min();

TEST(NumericsTest, TinyResultsAreZeroInsideTheScopeOnly) {
  ASSERT_GT(Halved(kSmallest), 0);
  {
    const ScopedNumericEnvironment environment;
    EXPECT_EQ(Halved(kSmallest), 0);
    EXPECT_EQ(NumericEnvironmentFault(), "");
  }
  EXPECT_GT(Halved(kSmallest), 0);
  EXPECT_EQ(NumericEnvironmentFault(), "flush-to-zero is off");
}

TEST(NumericsTest, ThreadsInheritTheEnvironment) {
  const ScopedNumericEnvironment environment;
  std::string fault = "not run";
  std::thread([&fault] { fault = NumericEnvironmentFault(); }).join();
  EXPECT_EQ(fault, "");
}

TEST(NumericsTest, OtherRoundingAndOtherCacheSizesShow) {
  const ScopedNumericEnvironment environment;
  std::fesetround(FE_UPWARD);
  EXPECT_EQ(NumericEnvironmentFault(), "rounding is not to nearest");
  std::fesetround(FE_TONEAREST);
  Eigen::setCpuCacheSizes(48 * 1024, 1024 * 1024, 8 * 1024 * 1024);
  EXPECT_NE(NumericEnvironmentFault(), "");
  SetNumericEnvironment();
  EXPECT_EQ(NumericEnvironmentFault(), "");
}

}  // namespace
}  // namespace engram
