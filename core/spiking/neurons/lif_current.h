#pragma once

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/spiking/neuron_population.h"
#include "core/spiking/neurons/lif_membrane.h"

namespace engram {

// Leaky integrate-and-fire with an excitatory and an inhibitory synaptic
// current, each of its own time constant tau.
//
//   c_m v' = -(c_m / tau_m) (v - e_l) + I_e + I_i + I
//   exponential: I' = -I / tau, I <- I + w at an input
//   alpha:       I' = x - I / tau, x' = -x / tau, x <- x + w e / tau, so that
//                a single input's current reaches w, at tau
//   v >= v_th: v <- v_reset for t_ref, in which the currents go on
//
// Exact for inputs on the grid of steps, which come at the end of a step.
// What both kinds of synapse share; `receptors` are the synaptic currents.
template <class Real, bool kIsAlpha>
class LifCurrent : public NeuronPopulation<Real> {
 public:
  LifCurrent(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  struct Synapse {
    Synapse(double tau, const LifMembrane& membrane, double dt);
    Real decay;      // of I and x over a step
    Real to_v;       // [mV/pA] of I
    Real rise_to_v;  // [mV/(pA/ms)] of x
    Real rise_to_i;  // [ms]
    Real jump;       // of x by a weight of 1 [1/ms]
  };

  void MoveMembrane(int64_t begin, int64_t n, const Real* current);
  void MoveSynapse(const Synapse& s, int64_t begin, int64_t n, Real* current,
                   Real* rise, const Real* input);

  LifMembrane membrane_;
  Synapse excitatory_, inhibitory_;
  Real decay_, gain_;  // of v - e_l; of a constant current [mV/pA]
  Array<Real> v_, left_;
  Array<Real> i_e_, i_i_;  // [pA]
  Array<Real> x_e_, x_i_;  // [pA/ms], of alpha synapses
};

template <class Real>
using LifCurrentExponential = LifCurrent<Real, false>;
template <class Real>
using LifCurrentAlpha = LifCurrent<Real, true>;

}  // namespace engram
