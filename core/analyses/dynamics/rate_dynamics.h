#pragma once

#include <cstdint>
#include <span>

#include "core/analyses/dynamics/dynamics.h"
#include "core/analyses/dynamics/gain_function.h"
#include "core/base/array.h"

namespace engram {

// Coupled rate units, or populations of them:
//
//   tau_i dx_i/dt = -x_i + sum_j M_ij phi(x_j) + I_i
//
//   x    (n)     potential                                   [1]
//   M    (n, n)  coupling from j to i, inhibition included   [1]
//   I    (n)     constant input                              [1]
//   tau  (n)     time constants; T is the longest            [ms]
//
// A network with global inhibition w has M = W - w / n; with items whose units
// behave alike, one unit an item (MeanFieldCoupling).
class RateDynamics final : public Dynamics {
 public:
  RateDynamics(Array<double> coupling, Array<double> input, Array<double> tau,
               GainFunction gain);

  int64_t size() const override { return coupling_.rows(); }
  double time_constant() const override { return longest_; }
  void Evaluate(DynamicsPoint& p) const override;
  void Linearise(DynamicsPoint& p, Array<double>& jacobian) const override;
  void AddCurvature(DynamicsPoint& p, std::span<const double> v,
                    Array<double>& h) const override;

  const Array<double>& coupling() const { return coupling_; }
  const GainFunction& gain() const { return gain_; }

 private:
  Array<double> coupling_, input_;
  double longest_;       // T [ms]
  Array<double> speed_;  // T / tau_i [1]
  GainFunction gain_;
};

// W - w_inhibition / n: the coupling of n units with global inhibition.
Array<double> WithInhibition(Array<double> w, double w_inhibition);

// Coupling of items whose units behave alike, from the means B (n_items,
// n_items) of the learned weights over item blocks:
//
//   M = gain B / max|B|, times (S - 1) / S on the diagonal,
//       less w_inhibition S / N
//
// because a unit has no weight to itself, and inhibition is by the mean rate
// of all N units.
struct ItemSizes {
  int64_t units_per_item = 1;  // S
  int64_t units = 1;           // N
  bool without_self = true;    // the diagonal leaves out the own weight
};
Array<double> MeanFieldCoupling(const Array<double>& b, double gain,
                                double w_inhibition, const ItemSizes& sizes);

}  // namespace engram
