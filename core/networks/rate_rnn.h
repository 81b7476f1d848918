#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/networks/rate_network.h"
#include "core/spec/component.h"

namespace engram {

// A random recurrent network of rate units with global inhibition:
//
//   tau dx_i/dt = -x_i + sum_j W_ij r_j - (w_inhibition / N) sum_j r_j + I_i
//                 + sigma sqrt(2 tau) xi_i
//   r_i = 1 / (1 + exp(-(x_i - theta) / t_phi))
//
//   x  (n_units)           potential                 [1]
//   r  (n_units)           rate, 0..1                [1]
//   W  (n_units, n_units)  weight from j to i        [1]
//   W0                     normal, variance g_0^2/N, zero diagonal
//
// As sparse_rate_rnn each unit has K inputs, drawn at random from the others;
// W0 then has the variance g_0^2/K on them.
//
// Euler steps of dt, the noise term being sigma sqrt(2 dt / tau) N(0, 1), so
// that without coupling x has the standard deviation sigma up to order dt.
//
// Source: additive rate model (Hopfield 1984, doi:10.1073/pnas.81.10.3088) with
// random couplings (Sompolinsky, Crisanti, Sommers 1988,
// doi:10.1103/PhysRevLett.61.259).
class RateRnn final : public RateNetwork {
 public:
  RateRnn(const Component& component, uint64_t seed, Parallel& parallel);

  int64_t units() const override { return units_; }
  double dt() const override { return dt_; }
  const Array<double>& initial_weights() const override { return w0_; }
  const Array<int32_t>* inputs() const override {
    return inputs_.rows() > 0 ? &inputs_ : nullptr;
  }
  void Reset(RateState& s) const override;
  void Step(const Array<double>& w, std::span<const double> input,
            const RandomStream& noise, int64_t step,
            RateState& s) const override;

 private:
  void StepRows(const Array<double>& w, std::span<const double> input,
                double inhibition, int64_t begin, int64_t end,
                RateState& s) const;

  Parallel& parallel_;
  int64_t units_;
  double tau_;             // [ms]
  double dt_;              // [ms]
  double theta_;           // [1]
  double gain_;            // 1 / t_phi [1]
  double w_inhibition_;    // [1]
  double sigma_;           // [1]
  Array<int32_t> inputs_;  // of a sparse one
  Array<double> w0_;
};

}  // namespace engram
