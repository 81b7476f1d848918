#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/programs/state_visitor.h"

namespace engram {

// Covariance of the activity of units over all samples of all trials, about
// each unit's mean over all of them (divisor: samples less one).
class ActivityCovariance {
 public:
  explicit ActivityCovariance(int64_t units);

  int64_t units() const { return sums_.rows(); }
  // Activity of a trial (n_steps, n_units).
  void Add(const Array<double>& activity);
  // Along principal components, falling, not below 0: as many as units. Empty
  // with fewer than two samples, and where nothing changes or is not finite.
  std::vector<double> Variances() const;

  void VisitState(const std::string& path, StateVisitor& v);
  static std::vector<std::string> Arrays();

 private:
  int64_t samples() const { return samples_[0]; }

  Array<int64_t> samples_;  // (1)
  Array<double> shift_;     // (n_units) the first sample, for the sums' sake
  Array<double> sums_;      // (n_units) of activity less shift
  Array<double> products_;  // (n_units, n_units) of the same, pair by pair
};

// How many dimensions activity has:
//
//   participation = (sum_k v_k)^2 / sum_k v_k^2
//   components    = the fewest leading ones with this share of sum_k v_k
//
//   v_k  variance along principal component k
//
// n units that vary alone and alike have n of both; what is estimated from m
// independent samples of them is about n / (1 + n / m).
//
// Source: participation ratio, Gao et al. (2017), doi:10.1101/214262.
struct Dimensionality {
  double participation = 0;  // [1]
  int64_t components = 0;
  double variance = 0;  // of all [squared activity]
};

// Empty for no variances. `share` in (0, 1].
std::optional<Dimensionality> DimensionalityOf(
    std::span<const double> variances, double share);

}  // namespace engram
