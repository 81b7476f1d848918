#pragma once

#include <cstdint>
#include <vector>

#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/networks/binary_patterns.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// What a binary network carries from update to update.
struct BinaryState {
  explicit BinaryState(int64_t units)
      : activity(units),
        field(units),
        noise(units),
        sign(units),
        order(static_cast<size_t>(units)) {}

  Array<double> activity;      // s (n_units), -1 or 1
  Array<double> field;         // sum_j W_ij s_j (n_units) [1]
  Array<double> noise;         // scratch
  Array<int32_t> sign;         // scratch: s as whole numbers
  std::vector<int64_t> order;  // scratch
};

// Units of -1 and 1 whose weights store random patterns:
//
//   s_i <- sign(sum_j W_ij s_j), unchanged where the sum is 0
//   attractors  W_ij = (1/K) c_ij sum_mu xi_i^mu     xi_j^mu, W_ii = 0
//   sequence    W_ij = (1/K) c_ij sum_mu xi_i^(mu+1) xi_j^mu, W_ii = 0, cyclic
//   temperature T > 0: s_i = 1 with probability 1 / (1 + exp(-2 h_i / T))
//
//   s   (n_units)            activity, -1 or 1                     [1]
//   W   (n_units, n_units)   weight from j to i                    [1]
//   c   0 or 1               whether j projects to i; K inputs a unit
//
// All units at once (synchronous), or one after the other in an order that is
// drawn for each sweep (asynchronous). With in_degree 0 every unit projects to
// every other one and K = N. A self-coupling, which the sums would have on the
// diagonal, would hold any state in place.
//
// Source: Hopfield (1982), doi:10.1073/pnas.79.8.2554; sequence: Sompolinsky
// and Kanter (1986), doi:10.1103/PhysRevLett.57.2861, with capacity 0.269 N
// (Duering, Coolen, Sherrington 1998, doi:10.1088/0305-4470/31/47/005).
class BinaryNetwork {
 public:
  enum class Storage { kAttractors, kSequence };

  BinaryNetwork(const Component& component, uint64_t seed, Parallel& parallel);

  int64_t units() const { return units_; }
  // K, or N of a full network.
  int64_t in_degree() const { return is_sparse() ? inputs_.rows() : units_; }
  bool is_sparse() const { return inputs_.rows() > 0; }
  // Replaces the weights by those that store the patterns.
  void Store(const BinaryPatterns& patterns, Storage storage);

  // Of a full network: (n_post, n_pre) [1].
  Array<double>& weights() { return weights_; }
  // Of a sparse one: presynaptic units and K times the weights
  // (n_inputs, n_units), by unit.
  Array<int32_t>& inputs() { return inputs_; }
  Array<int32_t>& counts() { return counts_; }

  // After s.activity was set: the fields that belong to it.
  void Begin(BinaryState& s) const;
  // One synchronous step or one asynchronous sweep, its randomness at address
  // `step`. How many units changed. Allocates nothing.
  int64_t Update(int64_t step, BinaryState& s) const;

 private:
  void StoreFull(const BinaryPatterns& patterns, Storage storage);
  void StoreSparse(const BinaryPatterns& patterns, Storage storage);
  void ComputeFields(BinaryState& s) const;
  double SparseField(int64_t unit, const BinaryState& s) const;
  int64_t Synchronous(BinaryState& s) const;
  int64_t Asynchronous(int64_t step, BinaryState& s) const;
  // The next activity of unit i in its field.
  double Next(int64_t i, const BinaryState& s) const;
  void Flip(int64_t i, BinaryState& s) const;

  Parallel& parallel_;
  int64_t units_;
  bool is_synchronous_;
  double temperature_;  // T [1]
  RandomStream noise_, order_;
  Array<double> weights_;
  Array<int32_t> inputs_, counts_;
};

ComponentSpec BinaryNetworkSpec();

}  // namespace engram
