#pragma once

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// Adaptive exponential integrate-and-fire with conductances that jump and
// decay.
//
//   c_m v' = -g_l (v - e_l) + g_l delta_t exp((v - v_t) / delta_t) - w
//            - g_e (v - e_e) - g_i (v - e_i) + I
//   tau_w w' = a (v - e_l) - w
//   g' = -g / tau, g <- g + weight at an input
//   v >= v_peak: v <- v_reset for t_ref, w <- w + b
//
// Euler's method from the values at the begin of the step; inputs come at its
// end. No step begins above v_peak, so the exponential stays a number.
//
// Source: Brette and Gerstner (2005), J. Neurophysiol. 94:3637-3642,
// doi:10.1152/jn.00686.2005.
template <class Real>
class AdaptiveExponential final : public NeuronPopulation<Real> {
 public:
  AdaptiveExponential(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  // delta_t exp((v - v_t) / delta_t) of up to kChunk units [mV].
  void Spikelets(const Real* v, int64_t n, double* out) const;
  void Move(int64_t begin, int64_t n, const Real* input_e, const Real* input_i,
            const Real* current);

  Real g_l_, e_l_, e_e_, e_i_, reset_, peak_, current_;
  double v_t_, delta_t_;
  Real a_, b_;
  Real gain_;               // dt / c_m [mV/pA]
  Real share_w_;            // dt / tau_w [1]
  Real decay_e_, decay_i_;  // 1 - dt / tau [1]
  Real refractory_;         // [steps]
  Array<Real> v_, w_, g_e_, g_i_, left_;
};

}  // namespace engram
