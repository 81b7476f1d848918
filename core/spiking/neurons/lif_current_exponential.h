#pragma once

#include "core/base/array.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// Leaky integrate and fire with currents that decay exponentially, integrated
// exactly over a step of length dt:
//
//   tau_m v' = E_L - v + s_e + s_i + I,   tau_e s_e' = -s_e, tau_i s_i' = -s_i
//   v >= v_th: v <- v_reset, held there for t_ref
//
//   v         (units)  membrane potential            [mV]
//   s_e, s_i  (units)  synaptic currents times R     [mV]
//   rest      (units)  steps of refractoriness left  [1]
//
// Weights that arrive in a step are added to s before it; a unit's potential is
// looked at after it.
//
// Source: Brette et al. (2007), doi:10.1007/s10827-007-0038-6, benchmark 2.
template <class Real>
class LifCurrentExponential final : public NeuronPopulation<Real> {
 public:
  LifCurrentExponential(const Component& component,
                        const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  Real v_th_, v_reset_;
  Real keep_v_, keep_e_, keep_i_;  // over a step [1]
  Real from_e_, from_i_;           // of s at the start in v at the end [1]
  Real drive_;                     // of E_L and I in v at the end [mV]
  int32_t refractory_steps_;
  Array<Real> v_, s_e_, s_i_;
  Array<int32_t> rest_;
};

}  // namespace engram
