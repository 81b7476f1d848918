#pragma once

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/spiking/neuron_population.h"
#include "core/spiking/neurons/held_steps.h"
#include "core/spiking/neurons/lif_membrane.h"
#include "core/spiking/neurons/lif_synapses.h"

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
  // How a synapse moves the potential over a step.
  struct Push {
    Push(double tau, const LifMembrane& membrane, double dt);
    Real by_current;  // [mV/pA]
    Real by_rise;     // of x, of alpha synapses [mV/(pA/ms)]
  };

  // Whether anything arrives through `inputs`: where not, no zeros are added.
  template <bool kIsDriven, class Count>
  int64_t StepUnits(int64_t begin, int64_t end,
                    std::span<const Real* const> inputs, Count* counts,
                    int32_t* spikes);

  LifMembrane membrane_;
  Push push_e_, push_i_;
  Real decay_, gain_;  // of v - e_l; of a constant current [mV/pA]
  Array<Real> v_;
  HeldSteps left_;
  LifSynapses<Real, kIsAlpha> synapses_;  // [pA]
};

template <class Real>
using LifCurrentExponential = LifCurrent<Real, false>;
template <class Real>
using LifCurrentAlpha = LifCurrent<Real, true>;

}  // namespace engram
