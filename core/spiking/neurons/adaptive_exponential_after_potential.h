#pragma once

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// Adaptive exponential integrate-and-fire whose potential has the shape of a
// spike and of what follows it, as rules on potentials need it; with currents
// that jump and decay.
//
//   c_m v' = -g_l (v - e_l) + g_l delta_t exp((v - v_t) / delta_t) - w + z
//            + I_e + I_i + I
//   tau_w w' = a (v - e_l) - w,  tau_z z' = -z,  tau_t v_t' = v_t_rest - v_t
//   I_s' = -I_s / tau_s, I_s <- I_s + weight at an input
//   v >= v_peak: v <- v_spike for t_spike; then v <- v_reset, w <- w + b,
//     z <- z_spike, v_t <- v_t_spike
//
// A unit fires in the step after which v is first v_spike. Euler's method for v
// and w from the values at the begin of the step, exact for z, v_t and the
// currents; inputs come at its end. No exponential is larger than that at
// v_peak.
//
// Source: Clopath, Buesing, Vasilaki, Gerstner (2010), Nat. Neurosci. 13:344,
// doi:10.1038/nn.2479; Badel et al. (2008), doi:10.1152/jn.01107.2007, for the
// threshold that moves.
template <class Real>
class AdaptiveExponentialAfterPotential final : public NeuronPopulation<Real> {
 public:
  AdaptiveExponentialAfterPotential(const Component& c,
                                    const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  // delta_t exp((v - v_t) / delta_t) of up to a group of units [mV].
  void Spikelets(const Real* v, const Real* threshold, int64_t n,
                 double* out) const;
  void Move(int64_t begin, int64_t n, const Real* input_e, const Real* input_i,
            const Real* current);

  Real g_l_, e_l_, reset_, peak_, spike_, current_;
  double delta_t_;
  Real threshold_rest_, threshold_spike_;
  Real a_, b_, z_spike_;
  Real gain_;                                       // dt / c_m [mV/pA]
  Real share_w_;                                    // dt / tau_w [1]
  Real keep_z_, keep_threshold_, keep_e_, keep_i_;  // over a step [1]
  Real spike_steps_;
  Array<Real> v_, w_, z_, threshold_, i_e_, i_i_;
  Array<Real> left_;  // steps of a spike that are left
};

}  // namespace engram
