#pragma once

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/base/random.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// Spike response model of order zero with escape noise: a unit's potential is
// what its input makes of it and what its last spike left, and it fires by
// chance.
//
//   v = e_l + h + eta
//   tau_m h' = -h + (tau_m / c_m) (I_s + I),  I_s' = -I_s / tau_s,
//     I_s <- I_s + weight at an input
//   eta = -eta_0 exp(-(t - last spike) / tau_eta)
//   rate = rho_0 exp((v - v_th) / delta_u), 0 for t_ref after a spike
//   P(spike in a step) = 1 - exp(-rate dt)
//
// Exact for inputs on the grid of steps; the rate of a step is that of its end.
// h goes on through spikes. One random number a unit and step, with the address
// (unit, step).
//
// Source: Gerstner, Kistler, Naud, Paninski (2014), Neuronal Dynamics,
// chapters 6.4 and 9, doi:10.1017/CBO9781107447615; Jolivet, Rauch, Luscher,
// Gerstner (2006), doi:10.1007/s10827-006-7074-5.
template <class Real>
class Srm0EscapeRate final : public NeuronPopulation<Real> {
 public:
  Srm0EscapeRate(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  void Move(int64_t begin, int64_t n, const Real* input, const Real* current);
  // Marks in `fires` the units of one chunk that fire in this step.
  void Draw(int64_t step, int64_t begin, int64_t n, double* fires) const;

  RandomStream random_;
  double dt_, rest_, threshold_, width_, rho_0_, eta_0_;
  Real decay_m_, decay_s_, decay_eta_;  // over a step
  Real from_synapse_, gain_;            // [mV/pA]
  Real constant_;                       // [pA]
  Real refractory_;                     // [steps]
  Array<Real> h_, i_s_, eta_, left_;
};

}  // namespace engram
