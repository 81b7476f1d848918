#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/spiking/neuron_population.h"
#include "core/spiking/neurons/lif_membrane.h"

namespace engram {

// Leaky integrate-and-fire with an excitatory and an inhibitory conductance.
//
//   c_m v' = -(c_m / tau_m) (v - e_l) - g_e (v - e_e) - g_i (v - e_i) + I
//   exponential: g' = -g / tau, g <- g + w at an input
//   alpha:       g' = x - g / tau, x' = -x / tau, x <- x + w e / tau
//   v >= v_th: v <- v_reset for t_ref, in which the conductances go on
//
// Euler's method for all, from the values at the begin of the step; inputs come
// at its end.
template <class Real, bool kIsAlpha>
class LifConductance : public NeuronPopulation<Real> {
 public:
  LifConductance(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  // Units at a time: few enough that the next pass finds their numbers near.
  static constexpr int64_t kTile = 512;

  // At most kTile units; the inputs are theirs.
  void Move(int64_t begin, int64_t n, std::array<const Real*, 3> inputs);
  // Takes what units would do, but for those in their refractory time.
  void Hold(int64_t begin, int64_t n, const Real* next);
  void MoveSynapse(int64_t begin, int64_t n, Real decay, Real jump,
                   Real* conductance, Real* rise, const Real* input);

  LifMembrane membrane_;
  Real reversal_e_, reversal_i_;  // [mV]
  Real leak_;                     // dt / tau_m [1]
  Real gain_;                     // dt / c_m [mV/pA]
  Real decay_e_, decay_i_;        // 1 - dt / tau [1]
  Real jump_e_, jump_i_;          // of x by a weight of 1 [1/ms]
  Real dt_;
  Array<Real> v_, left_;
  Array<Real> g_e_, g_i_;  // [nS]
  Array<Real> x_e_, x_i_;  // [nS/ms], of alpha synapses
};

template <class Real>
using LifConductanceExponential = LifConductance<Real, false>;
template <class Real>
using LifConductanceAlpha = LifConductance<Real, true>;

}  // namespace engram
