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

// Leaky integrate-and-fire with an excitatory and an inhibitory conductance.
//
//   c_m v' = -(c_m / tau_m) (v - e_l) - g_e (v - e_e) - g_i (v - e_i) + I
//   exponential: g' = -g / tau, g <- g + w at an input
//   alpha:       g' = x - g / tau, x' = -x / tau, x <- x + w e / tau
//   v >= v_th: v <- v_reset for t_ref, in which the conductances go on
//
// `integration` euler: Euler's method for all, from the values at the begin of
// the step. exponential_euler: conductances exactly, and v as if they stayed
// over the step,
//
//   v <- v_g + (v - v_g) exp(-dt g / c_m),   g = c_m / tau_m + g_e + g_i
//   v_g = (e_l c_m / tau_m + g_e e_e + g_i e_i + I) / g
//
// which no dt makes unstable, at the cost of an exponential. Inputs come at the
// step's end in both.
template <class Real, bool kIsAlpha>
class LifConductance : public NeuronPopulation<Real> {
 public:
  LifConductance(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  // Whether anything arrives through `inputs`: where not, no zeros are added.
  template <bool kIsDriven, class Count>
  int64_t StepUnits(int64_t begin, int64_t end,
                    std::span<const Real* const> inputs, Count* left,
                    int32_t* spikes);

  template <bool kIsDriven, class Count>
  int64_t StepExponentially(int64_t begin, int64_t end,
                            std::span<const Real* const> inputs, Count* left,
                            int32_t* spikes);

  LifMembrane membrane_;
  bool is_exponential_;
  Real reversal_e_, reversal_i_;  // [mV]
  Real leak_;                     // dt / tau_m [1]
  Real gain_;                     // dt / c_m [mV/pA]
  Array<Real> v_;
  HeldSteps left_;
  LifSynapses<Real, kIsAlpha> synapses_;  // [nS]
};

template <class Real>
using LifConductanceExponential = LifConductance<Real, false>;
template <class Real>
using LifConductanceAlpha = LifConductance<Real, true>;

}  // namespace engram
