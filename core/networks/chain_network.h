#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"
#include "core/base/random.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// Binary units that burst or are silent, one step a burst, under global
// inhibition and random input:
//
//   x_i(t) = Theta(sum_j W_ij x_j(t-1) - inhibition sum_j x_j(t-1) + b_i(t))
//   b_i = 1 with probability drive / N, else 0;  Theta(0) = 0
//
//   x  (n_units)           0 or 1                        [1]
//   W  (n_units, n_units)  weight from j to i, given     [1]
//
// Source: Fiete, Senn, Wang, Hahnloser (2010),
// doi:10.1016/j.neuron.2010.02.003, equation 1.
class ChainNetwork {
 public:
  ChainNetwork(const Component& component, uint64_t seed);

  int64_t units() const { return units_; }
  double dt() const { return dt_; }  // [ms]
  // Replaces x(t-1) by x(t), with the input at address `step`; `field` and
  // `input` (n_units) are scratch. Allocates nothing.
  void Step(const Array<double>& w, int64_t step, std::span<double> x,
            std::span<double> field, std::span<double> input) const;

 private:
  int64_t units_;
  double dt_;           // [ms]
  double inhibition_;   // beta [1]
  double probability_;  // of an input to a unit, p_n / n [1]
  RandomStream input_;
};

ComponentSpec ChainNetworkSpec();

}  // namespace engram
