#include "core/base/math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "core/base/numerics.h"
#include "core/base/random.h"

namespace engram {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Scalar = double (*)(double);
using Array = void (*)(std::span<const double>, std::span<double>);
using Exact = long double (*)(long double);

struct Function {
  const char* name;
  Scalar scalar;
  Array array;
  Exact exact;
  double low, high;
  double ulps;  // allowed error
};

void LogisticPlain(std::span<const double> in, std::span<double> out) {
  math::Logistic(in, 0.0, 1.0, out);
}
long double LogisticExact(long double x) { return 1 / (1 + std::exp(-x)); }

const Function kFunctions[] = {
    {"exp", math::Exp, math::Exp, std::exp, -700, 709, 1.0},
    {"exp_near_0", math::Exp, math::Exp, std::exp, -1, 1, 1.0},
    {"log", math::Log, math::Log, std::log, 1e-300, 10, 1.0},
    {"log_near_1", math::Log, math::Log, std::log, 0.5, 2, 1.0},
    {"log_large", math::Log, math::Log, std::log, 1, 1e300, 1.0},
    {"tanh", math::Tanh, math::Tanh, std::tanh, -25, 25, 3.0},
    {"tanh_near_0", math::Tanh, math::Tanh, std::tanh, -1e-3, 1e-3, 3.0},
    {"tanh_around_1", math::Tanh, math::Tanh, std::tanh, -1, 1, 3.0},
    {"sin", math::Sin, math::Sin, std::sin, -1e6, 1e6, 1.0},
    {"sin_near_0", math::Sin, math::Sin, std::sin, -7, 7, 1.0},
    {"cos", math::Cos, math::Cos, std::cos, -1e6, 1e6, 1.0},
    {"cos_near_0", math::Cos, math::Cos, std::cos, -7, 7, 1.0},
    {"erf", math::Erf, math::Erf, std::erf, -7, 7, 2.0},
    {"erf_near_0", math::Erf, math::Erf, std::erf, -1.1, 1.1, 2.0},
    {"logistic", math::Logistic, LogisticPlain, LogisticExact, -40, 40, 3.0},
};

std::string NameOf(const testing::TestParamInfo<Function>& info) {
  return info.param.name;
}

class EveryFunction : public testing::TestWithParam<Function> {
 protected:
  ScopedNumericEnvironment environment_;
};

std::vector<double> Sample(double low, double high, size_t n) {
  std::vector<double> x(n);
  RandomStream(1, "math", "arguments").Fill(0, x);
  for (double& value : x) value = low + (high - low) * value;
  return x;
}

double Ulps(double got, long double exact) {
  const double near = static_cast<double>(exact);
  const double ulp = std::nextafter(std::abs(near), kInfinity) - std::abs(near);
  return static_cast<double>(std::abs(static_cast<long double>(got) - exact)) /
         ulp;
}

TEST_P(EveryFunction, IsAccurate) {
  const Function& f = GetParam();
  double worst = 0, at = 0;
  for (double x : Sample(f.low, f.high, 50000)) {
    const double error = Ulps(f.scalar(x), f.exact(x));
    if (error > worst) worst = error, at = x;
  }
  RecordProperty("worst_ulps", std::to_string(worst));
  EXPECT_LE(worst, f.ulps) << "at " << at;
}

TEST_P(EveryFunction, ScalarsEqualArrayElementsAtEveryLengthAndPlace) {
  const Function& f = GetParam();
  const std::vector<double> x = Sample(f.low, f.high, 64);
  for (size_t begin = 0; begin < 9; ++begin) {
    for (size_t n = 0; begin + n <= x.size(); ++n) {
      std::vector<double> out(n);
      f.array(std::span(x).subspan(begin, n), out);
      for (size_t i = 0; i < n; ++i) {
        ASSERT_EQ(out[i], f.scalar(x[begin + i])) << begin << " " << n;
      }
    }
  }
}

TEST_P(EveryFunction, WorksInPlaceAndPassesNanOn) {
  const Function& f = GetParam();
  std::vector<double> x = Sample(f.low, f.high, 33);
  std::vector<double> out(x.size());
  x[5] = std::nan("");
  f.array(x, out);
  f.array(x, x);
  EXPECT_TRUE(std::isnan(out[5]));
  EXPECT_TRUE(std::isnan(f.scalar(std::nan(""))));
  x[5] = out[5] = 0;
  EXPECT_EQ(x, out);
}

INSTANTIATE_TEST_SUITE_P(Math, EveryFunction, testing::ValuesIn(kFunctions),
                         NameOf);

TEST(MathTest, PowIsAccurateOverItsWholeRange) {
  const ScopedNumericEnvironment environment;
  const std::vector<double> log_x = Sample(-30, 30, 20000);
  std::vector<double> share(log_x.size());
  RandomStream(2, "math", "exponents").Fill(0, share);
  double worst = 0;
  for (size_t i = 0; i < log_x.size(); ++i) {
    const double x = std::exp(log_x[i]);
    const double y = (2 * share[i] - 1) * 650 / std::abs(log_x[i]);
    const long double exact =
        std::pow(static_cast<long double>(x), static_cast<long double>(y));
    worst = std::max(worst, Ulps(math::Pow(x, y), exact));
  }
  EXPECT_LE(worst, 3.0);
}

TEST(MathTest, PowArrayEqualsScalars) {
  const std::vector<double> x = Sample(0, 4, 37);
  std::vector<double> out(x.size());
  math::Pow(x, 2.5, out);
  for (size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(out[i], math::Pow(x[i], 2.5));
  }
}

TEST(MathTest, LimitsAreWhatTheHeaderSays) {
  const ScopedNumericEnvironment environment;
  EXPECT_EQ(math::Exp(0), 1);
  EXPECT_EQ(math::Exp(-kInfinity), 0);
  EXPECT_EQ(math::Exp(-720), 0);
  EXPECT_EQ(math::Exp(710), kInfinity);
  EXPECT_EQ(math::Exp(kInfinity), kInfinity);
  EXPECT_EQ(math::Log(1), 0);
  EXPECT_EQ(math::Log(0), -kInfinity);
  EXPECT_EQ(math::Log(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(math::Log(-1)));
  EXPECT_EQ(math::Pow(0, 2), 0);
  EXPECT_EQ(math::Pow(0, -2), kInfinity);
  EXPECT_EQ(math::Pow(0, 0), 1);
  EXPECT_EQ(math::Pow(3, 0), 1);
  EXPECT_EQ(math::Pow(2, 10), 1024);
  EXPECT_EQ(math::Pow(2, 2000), kInfinity);
  EXPECT_EQ(math::Pow(2, -2000), 0);
  EXPECT_EQ(math::Pow(kInfinity, -1), 0);
  EXPECT_TRUE(std::isnan(math::Pow(-2, 2)));
  EXPECT_TRUE(std::isnan(math::Pow(2, std::nan(""))));
  EXPECT_EQ(math::Tanh(0), 0);
  EXPECT_EQ(math::Tanh(30), 1);
  EXPECT_EQ(math::Tanh(-30), -1);
  EXPECT_EQ(math::Sin(0), 0);
  EXPECT_EQ(math::Cos(0), 1);
  EXPECT_TRUE(std::isnan(math::Sin(2e6)));
  EXPECT_TRUE(std::isnan(math::Cos(kInfinity)));
  EXPECT_EQ(math::Erf(0), 0);
  EXPECT_EQ(math::Erf(kInfinity), 1);
  EXPECT_EQ(math::Erf(-9), -1);
  EXPECT_EQ(math::Logistic(-800), 0);
  EXPECT_EQ(math::Logistic(800), 1);
}

}  // namespace
}  // namespace engram
