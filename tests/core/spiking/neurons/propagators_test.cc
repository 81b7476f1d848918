#include "core/spiking/neurons/propagators.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace engram {
namespace {

// Simpson's rule: an error of order (h / n)^4, far below 1e-13 here.
double Integral(const std::function<double(double)>& f, double h) {
  constexpr int kIntervals = 2000;
  double sum = f(0) + f(h);
  for (int k = 1; k < kIntervals; ++k) {
    sum += (k % 2 == 1 ? 4 : 2) * f(h * k / kIntervals);
  }
  return sum * h / kIntervals / 3;
}

struct Constants {
  double h, tau_m, tau_s;
};

// Far apart, close, equal, and on either side of where the series ends.
constexpr Constants kConstants[] = {
    {0.1, 10, 0.5}, {0.1, 10, 10},       {0.1, 10, 10 + 1e-9},
    {0.1, 0.5, 10}, {1, 10, 0.32582722}, {1, 10, 0.9},
    {1, 10, 0.92},  {0.5, 20, 0.501},    {2, 0.7, 30}};

TEST(PropagatorsTest, AreTheIntegrals) {
  for (const auto& [h, tau_m, tau_s] : kConstants) {
    const auto leak = [&](double s) { return std::exp(-(h - s) / tau_m); };
    const auto current = [&](double s) { return std::exp(-s / tau_s); };
    EXPECT_NEAR(ExponentialResponse(h, tau_m, tau_s) /
                    Integral([&](double s) { return leak(s) * current(s); }, h),
                1, 1e-10)
        << h << " " << tau_m << " " << tau_s;
    EXPECT_NEAR(
        AlphaResponse(h, tau_m, tau_s) /
            Integral([&](double s) { return leak(s) * s * current(s); }, h),
        1, 1e-10)
        << h << " " << tau_m << " " << tau_s;
    EXPECT_NEAR(ConstantResponse(h, tau_m) / Integral(leak, h), 1, 1e-10);
  }
}

TEST(PropagatorsTest, TwoHalfStepsAreAWholeOne) {
  for (const auto& [h, tau_m, tau_s] : kConstants) {
    const double half = ExponentialResponse(h / 2, tau_m, tau_s);
    EXPECT_NEAR(half * Decay(h / 2, tau_m) + Decay(h / 2, tau_s) * half,
                ExponentialResponse(h, tau_m, tau_s), 1e-13);
    const double constant = ConstantResponse(h / 2, tau_m);
    EXPECT_NEAR(constant * Decay(h / 2, tau_m) + constant,
                ConstantResponse(h, tau_m), 1e-13);
  }
}

TEST(PropagatorsTest, NearlyEqualTimeConstantsLoseNoDigits) {
  const double equal = ExponentialResponse(0.1, 10, 10);
  EXPECT_DOUBLE_EQ(equal, 0.1 * Decay(0.1, 10));
  EXPECT_NEAR(ExponentialResponse(0.1, 10, 10 * (1 + 1e-12)) / equal, 1, 1e-13);
  EXPECT_NEAR(AlphaResponse(0.1, 10, 10), 0.005 * Decay(0.1, 10), 1e-18);
}

}  // namespace
}  // namespace engram
