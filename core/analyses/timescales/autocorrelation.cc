#include "core/analyses/timescales/autocorrelation.h"

#include <algorithm>
#include <cmath>

#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

// A variance below this share of the mean square is the rounding of a constant.
constexpr double kRounding = 1e-24;

}  // namespace

std::vector<double> Autocovariance(std::span<const double> x, int64_t lags) {
  const auto n = static_cast<int64_t>(x.size());
  ENGRAM_EXPECT(lags >= 0 && lags < n - 1);
  const double mean = *statistics::Mean(x);
  std::vector<double> moved(x.begin(), x.end());
  for (double& value : moved) value -= mean;
  std::vector<double> covariance;
  for (int64_t k = 0; k <= lags; ++k) {
    const std::span<const double> all = moved;
    const auto overlap = static_cast<size_t>(n - k);
    const double sum = statistics::Dot(all.first(overlap), all.last(overlap));
    covariance.push_back(sum / static_cast<double>(n - 1 - k));
  }
  const double squares = statistics::SumOfSquares(x) / static_cast<double>(n);
  if (covariance[0] <= kRounding * squares) std::ranges::fill(covariance, 0.0);
  return covariance;
}

Autocorrelations::Autocorrelations(int64_t units, int64_t lags)
    : sums_(lags + 1, units) {}

void Autocorrelations::Add(int64_t unit, std::span<const double> activity) {
  AddCovariance(unit, Autocovariance(activity, lags()));
}

void Autocorrelations::AddCovariance(int64_t unit,
                                     std::span<const double> covariance) {
  ENGRAM_EXPECT(covariance.size() == static_cast<size_t>(lags()) + 1);
  for (int64_t k = 0; k <= lags(); ++k) {
    sums_(k, unit) += covariance[static_cast<size_t>(k)];
  }
}

void Autocorrelations::Add(const Array<double>& activity) {
  ENGRAM_EXPECT(activity.cols() == units());
  for (int64_t unit = 0; unit < units(); ++unit) Add(unit, activity.col(unit));
}

std::optional<std::vector<double>> Autocorrelations::Of(int64_t unit) const {
  const std::span<const double> sums = sums_.col(unit);
  if (!(sums[0] > 0) || !std::isfinite(sums[0])) return std::nullopt;
  std::vector<double> correlation;
  for (const double sum : sums) correlation.push_back(sum / sums[0]);
  return correlation;
}

std::vector<double> PopulationMean(const Array<double>& activity) {
  std::vector<double> mean(static_cast<size_t>(activity.rows()));
  for (int64_t unit = 0; unit < activity.cols(); ++unit) {
    const std::span<const double> of_unit = activity.col(unit);
    for (size_t t = 0; t < mean.size(); ++t) mean[t] += of_unit[t];
  }
  for (double& m : mean) m /= static_cast<double>(activity.cols());
  return mean;
}

}  // namespace engram
