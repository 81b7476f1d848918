#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// What a pattern network carries from step to step.
struct PatternState {
  PatternState(int64_t units, int64_t patterns)
      : potential(units),
        rate(units),
        current(units),
        noise(units),
        projection(patterns) {}

  Array<double> potential;   // h (n_units) [1]
  Array<double> rate;        // phi(h) (n_units) [1]
  Array<double> current;     // scratch
  Array<double> noise;       // scratch
  Array<double> projection;  // scratch: (1/N) sum_i xi_i phi(h_i)
};

// A network whose weights store a sequence of P overlapping Gaussian patterns:
//
//   tau dh_i/dt = -h_i + sum_j W_ij phi(h_j) + sigma sqrt(2 tau) xi_i(t)
//   W_ij = (strength / K) c_ij sum_mu<P xi_i^(mu+1) xi_j^mu
//   phi(h) = erf(h / (sqrt(2) gain_width))
//
//   h   (n_units)              potential                          [1]
//   xi  (n_units, n_patterns)  patterns, N(0, 1), independent     [1]
//   c   0 or 1                 whether j projects to i; K inputs a unit
//
// With in_degree 0 every unit projects to every one, itself included (K = N),
// and W is never written down: it has rank P - 1, so its product is two
// products with the patterns, O(N P) instead of O(N^2). Otherwise the K inputs
// of each unit are drawn at random, and its weights are stored.
//
// Source: Gillett, Pereira, Brunel (2020), doi:10.1073/pnas.1918674117, with
// linear learning functions and an odd gain function.
class PatternNetwork {
 public:
  PatternNetwork(const Component& component, uint64_t seed, Parallel& parallel);

  int64_t units() const { return patterns_.rows(); }
  double dt() const { return dt_; }  // [ms]
  const Array<double>& patterns() const { return patterns_; }
  // (n_inputs, n_units), by unit; without any when fully connected.
  const Array<int32_t>& inputs() const { return inputs_; }
  const Array<double>& weights() const { return weights_; }

  // h = the pattern, as if it had just been shown.
  void Reset(int64_t pattern, PatternState& s) const;
  // One Euler step, noise at address `step`. Allocates nothing.
  void Step(const RandomStream& noise, int64_t step, PatternState& s) const;
  // kappa_mu = (1/N) sum_i xi_i^mu h_i (n_patterns). Allocates nothing.
  void Overlaps(std::span<const double> h, std::span<double> kappa) const;

 private:
  void FillWeights();
  void StepRows(int64_t begin, int64_t end, PatternState& s) const;

  Parallel& parallel_;
  double tau_;         // [ms]
  double dt_;          // [ms]
  double strength_;    // A [1]
  double gain_width_;  // s [1]
  double sigma_;       // [1]
  Array<double> patterns_;
  Array<int32_t> inputs_;
  Array<double> weights_;
};

ComponentSpec PatternNetworkSpec();

}  // namespace engram
