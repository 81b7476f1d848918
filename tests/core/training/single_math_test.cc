// Kernels in single precision against double precision, over their range.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/math.h"
#include "core/base/math_kernels.h"
#include "core/base/math_kernels_single.h"
#include "core/base/numerics.h"

namespace engram {
namespace {

namespace kernels = math::kernels;

// Distance in units of the last place of the true value.
double Ulps(float got, double wanted) {
  const float nearest = static_cast<float>(wanted);
  const double ulp =
      static_cast<double>(std::nextafter(std::abs(nearest),
                                         std::numeric_limits<float>::max())) -
      static_cast<double>(std::abs(nearest));
  return std::abs(static_cast<double>(got) - wanted) / ulp;
}

class SingleMathTest : public testing::Test {
 protected:
  template <class F, class G>
  static double Worst(float low, float high, F single, G exact) {
    double worst = 0;
    constexpr int kPoints = 200000;
    for (int i = 0; i <= kPoints; ++i) {
      const float x =
          low + (high - low) * static_cast<float>(i) / float{kPoints};
      worst = std::max(worst, Ulps(single(x), exact(static_cast<double>(x))));
    }
    return worst;
  }
  const ScopedNumericEnvironment environment_;
};

TEST_F(SingleMathTest, ExpIsWithinTwoUnits) {
  EXPECT_LT(Worst(
                -86.5f, 88.6f, [](float x) { return kernels::Exp(x); },
                [](double x) { return math::Exp(x); }),
            2);
  EXPECT_EQ(kernels::Exp(0.0f), 1.0f);
  EXPECT_EQ(kernels::Exp(-100.0f), 0.0f);
  EXPECT_EQ(kernels::Exp(100.0f), std::numeric_limits<float>::infinity());
}

TEST_F(SingleMathTest, TanhIsWithinFourUnitsAndOdd) {
  const auto tanh = [](float x) { return kernels::Tanh(x); };
  const auto exact = [](double x) { return math::Tanh(x); };
  EXPECT_LT(Worst(-12.0f, 12.0f, tanh, exact), 4);
  EXPECT_LT(Worst(-0.01f, 0.01f, tanh, exact), 4);
  EXPECT_EQ(kernels::Tanh(50.0f), 1.0f);
  for (float x : {0.0f, 0.3f, 2.0f, 40.0f}) {
    EXPECT_EQ(kernels::Tanh(-x), -kernels::Tanh(x));
  }
}

TEST_F(SingleMathTest, LogisticIsWithinFourUnits) {
  EXPECT_LT(Worst(
                -80.0f, 30.0f, [](float x) { return kernels::Logistic(x); },
                [](double x) { return math::Logistic(x); }),
            4);
  EXPECT_EQ(kernels::Logistic(0.0f), 0.5f);
}

TEST_F(SingleMathTest, NotANumberStaysOne) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(kernels::Exp(nan)));
  EXPECT_TRUE(std::isnan(kernels::Tanh(nan)));
  EXPECT_TRUE(std::isnan(kernels::Logistic(nan)));
}

}  // namespace
}  // namespace engram
