#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/spec/find_row.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

std::unique_ptr<Distribution> Of(const std::string& type,
                                 std::map<std::string, Value> parameters) {
  Component c;
  c.type = type;
  c.parameters = std::move(parameters);
  for (const ParameterSpec& p :
       RowOf(DistributionRows(), type).spec.parameters) {
    if (p.default_value) c.parameters.emplace(p.name, *p.default_value);
  }
  return MakeDistribution(c);
}

constexpr size_t kSize = 40000;

std::vector<double> Drawn(const Distribution& distribution) {
  std::vector<double> x(kSize);
  distribution.Fill(RandomStream(1, "p", "weights"), 3, x);
  for (const double value : x) {
    EXPECT_GE(value, distribution.lowest());
    EXPECT_LE(value, distribution.highest());
  }
  return x;
}

double Mean(const std::vector<double>& x) {
  double sum = 0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

double ShareBelow(const std::vector<double>& x, double bound) {
  return static_cast<double>(
             std::ranges::count_if(x, [&](double v) { return v < bound; })) /
         static_cast<double>(x.size());
}

// Five standard errors of the mean of so many numbers.
double Tolerance(double sd) { return 5 * sd / std::sqrt(double{kSize}); }
// A share has the standard deviation sqrt(q (1 - q)) <= 1/2.
const double kShare = Tolerance(0.5);

TEST(DistributionTest, UniformNumbersFillTheirInterval) {
  const auto x = Drawn(*Of("uniform", {{"low", -2.0}, {"high", 4.0}}));
  EXPECT_NEAR(Mean(x), 1, Tolerance(6 / std::sqrt(12.0)));
  EXPECT_NEAR(ShareBelow(x, -0.5), 0.25, kShare);
}

TEST(DistributionTest, NormalNumbersHaveMeanAndDeviation) {
  const auto x = Drawn(*Of("normal", {{"mean", 1.5}, {"sd", 0.75}}));
  EXPECT_NEAR(Mean(x), 1.5, Tolerance(0.75));
  EXPECT_NEAR(ShareBelow(x, 0.75), 0.158655, kShare);
}

// Clipped at 0, two standard deviations below the mean: the share that lay
// below, Phi(-2), is 0 exactly. Cut off there, nothing is, and the mean rises
// by sd phi(2) / (1 - Phi(2)) = 0.05525 sd.
TEST(DistributionTest, BoundsClipOrCutOff) {
  const auto clipped =
      Drawn(*Of("normal", {{"mean", 1.5}, {"sd", 0.75}, {"low", 0.0}}));
  EXPECT_NEAR(static_cast<double>(std::ranges::count(clipped, 0.0)) / kSize,
              0.02275, kShare);
  const auto cut = Drawn(
      *Of("normal",
          {{"mean", 1.5}, {"sd", 0.75}, {"low", 0.0}, {"outside", "redraw"}}));
  EXPECT_EQ(std::ranges::count(cut, 0.0), 0);
  EXPECT_NEAR(Mean(cut), 1.5 + 0.05525 * 0.75, Tolerance(0.75));
  // Numbers that were inside stay what they are.
  size_t same = 0;
  for (size_t i = 0; i < kSize; ++i) same += clipped[i] == cut[i] ? 1 : 0;
  EXPECT_EQ(static_cast<int64_t>(kSize - same),
            std::ranges::count(clipped, 0.0));
}

TEST(DistributionTest, LognormalNumbersHaveTheirMedianAndMean) {
  const auto x = Drawn(*Of("lognormal", {{"median", 2.0}, {"sigma", 0.5}}));
  EXPECT_NEAR(ShareBelow(x, 2), 0.5, kShare);
  EXPECT_NEAR(ShareBelow(x, 2 * std::exp(0.5)), 0.841345, kShare);
  // Mean 2 exp(1/8), standard deviation mean sqrt(exp(1/4) - 1).
  const double mean = 2 * std::exp(0.125);
  EXPECT_NEAR(Mean(x), mean, Tolerance(mean * std::sqrt(std::exp(0.25) - 1)));
  const auto negative =
      Drawn(*Of("lognormal", {{"median", -2.0}, {"sigma", 0.5}}));
  for (size_t i = 0; i < 100; ++i) EXPECT_EQ(negative[i], -x[i]);
}

TEST(DistributionTest, ExponentialNumbersFallOffFromTheirShift) {
  const auto x = Drawn(*Of("exponential", {{"mean", 2.0}, {"shift", 1.0}}));
  EXPECT_NEAR(Mean(x), 3, Tolerance(2));
  EXPECT_NEAR(ShareBelow(x, 1 + 2 * std::log(2.0)), 0.5, kShare);
  EXPECT_EQ(ShareBelow(x, 1), 0);
}

TEST(DistributionTest, OneNumberHasNoWidth) {
  const auto constant = Of("constant", {{"value", -3.5}});
  EXPECT_EQ(constant->lowest(), constant->highest());
  EXPECT_EQ(Drawn(*constant)[17], -3.5);
}

}  // namespace
}  // namespace engram
