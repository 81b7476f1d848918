#pragma once

#include "core/base/array.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// Izhikevich's simple model in dimensionless form, for one step of length dt:
//
//   v' = 0.04 v^2 + 5 v + 140 - u + I,   u' = a (b v - u)
//   v >= 30: v <- c, u <- u + d
//
//   v (units)  membrane potential [mV]
//   u (units)  recovery [mV/ms]
//
// Two half steps of v and then one of u with the new v, as the listing of 2003
// does. Whether a unit fires is looked at after the step, and it is reset at
// once.
//
// Source: Izhikevich (2003), doi:10.1109/TNN.2003.820440.
template <class Real>
class Izhikevich final : public NeuronPopulation<Real> {
 public:
  Izhikevich(const Component& component, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  Real a_, b_, c_, d_, half_dt_, dt_;
  Array<Real> v_, u_;
};

}  // namespace engram
