#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/array.h"

namespace engram {

// Autocovariance of n numbers at lags 0 .. lags (fewer than n - 1):
//
//   c(k) = sum_{t < n - k} (x_t - m) (x_{t+k} - m) / (n - 1 - k)
//
//   m  mean of all n numbers
//
// The sums are taken directly: for the lags that are looked at, hundreds of a
// hundred thousand steps, that costs less than a Fourier transform and rounds
// less.
std::vector<double> Autocovariance(std::span<const double> x, int64_t lags);

// Autocorrelation of the activity of single units over trials: the mean of the
// autocovariances, each trial with its own mean taken off, over its value at
// lag 0. Trials may differ in length.
//
// Source: estimator, divisor and order of the means as in Khajehabdollahi et
// al. (2024), arXiv:2309.12927.
class Autocorrelations {
 public:
  Autocorrelations(int64_t units, int64_t lags);

  int64_t units() const { return sums_.cols(); }
  int64_t lags() const { return sums_.rows() - 1; }
  // A trial's activity (n_steps, n_units), of more than lags + 1 steps.
  void Add(const Array<double>& activity);
  // One unit's activity in a trial, for who has it alone.
  void Add(int64_t unit, std::span<const double> activity);
  // The same where its autocovariance (lags + 1) is there already.
  void AddCovariance(int64_t unit, std::span<const double> covariance);
  // At lags 0 .. lags; empty for a unit that never changed or whose activity is
  // not finite.
  std::optional<std::vector<double>> Of(int64_t unit) const;

 private:
  Array<double> sums_;  // (lags + 1, n_units)
};

// The mean over units (n_units), step by step, of activity (n_steps, n_units).
std::vector<double> PopulationMean(const Array<double>& activity);

}  // namespace engram
