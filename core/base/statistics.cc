#include "core/base/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/base/contract.h"

namespace engram::statistics {
namespace {

constexpr size_t kLanes = 8;

// Sum over i of term(i) for i < n.
template <class Term>
inline double SumOf(size_t n, Term term) {
  std::array<double, kLanes> lanes{};
  size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += term(i + lane);
  }
  for (size_t lane = 0; i < n; ++i, ++lane) lanes[lane] += term(i);
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) +
         ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

double SumOfProducts(std::span<const double> x, double x_mean,
                     std::span<const double> y, double y_mean) {
  return SumOf(x.size(),
               [&](size_t i) { return (x[i] - x_mean) * (y[i] - y_mean); });
}

int Sign(double x) { return (x > 0) - (x < 0); }

}  // namespace

double Sum(std::span<const double> x) {
  return SumOf(x.size(), [&](size_t i) { return x[i]; });
}

double SumOfSquares(std::span<const double> x) {
  return SumOf(x.size(), [&](size_t i) { return x[i] * x[i]; });
}

double Dot(std::span<const double> x, std::span<const double> y) {
  ENGRAM_EXPECT(x.size() == y.size());
  return SumOf(x.size(), [&](size_t i) { return x[i] * y[i]; });
}

double LargestMagnitude(std::span<const double> x) {
  double largest = 0;
  for (double value : x) largest = std::max(largest, std::abs(value));
  return largest;
}

// x - x is 0 for finite numbers only.
bool AllFinite(std::span<const double> x) {
  return SumOf(x.size(), [&](size_t i) { return x[i] - x[i]; }) == 0;
}

std::optional<double> Mean(std::span<const double> x) {
  if (x.empty()) return std::nullopt;
  return Sum(x) / static_cast<double>(x.size());
}

std::optional<double> Variance(std::span<const double> x) {
  if (x.size() < 2) return std::nullopt;
  const double mean = *Mean(x);
  return SumOfProducts(x, mean, x, mean) / static_cast<double>(x.size() - 1);
}

std::optional<double> Median(std::span<const double> x) {
  if (x.empty()) return std::nullopt;
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  const size_t middle = sorted.size() / 2;
  if (sorted.size() % 2 == 1) return sorted[middle];
  return sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2;
}

std::optional<double> Correlation(std::span<const double> x,
                                  std::span<const double> y) {
  ENGRAM_EXPECT(x.size() == y.size());
  if (x.size() < 2) return std::nullopt;
  const double x_mean = *Mean(x), y_mean = *Mean(y);
  const double xx = SumOfProducts(x, x_mean, x, x_mean);
  const double yy = SumOfProducts(y, y_mean, y, y_mean);
  if (!(xx > 0 && yy > 0)) return std::nullopt;
  const double r =
      SumOfProducts(x, x_mean, y, y_mean) / (std::sqrt(xx) * std::sqrt(yy));
  return std::clamp(r, -1.0, 1.0);
}

std::optional<double> KendallTau(std::span<const double> x,
                                 std::span<const double> y) {
  ENGRAM_EXPECT(x.size() == y.size());
  int64_t score = 0, x_pairs = 0, y_pairs = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const int dx = Sign(x[i] - x[j]), dy = Sign(y[i] - y[j]);
      score += dx * dy;
      x_pairs += dx != 0;
      y_pairs += dy != 0;
    }
  }
  if (x_pairs == 0 || y_pairs == 0) return std::nullopt;
  // The root of a product: pairs without ties give exactly 1 or -1.
  return static_cast<double>(score) /
         std::sqrt(static_cast<double>(x_pairs) * static_cast<double>(y_pairs));
}

}  // namespace engram::statistics
