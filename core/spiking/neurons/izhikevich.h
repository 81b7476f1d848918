#pragma once

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// How a step of Izhikevich's model goes; input I counts for one whole step.
enum class IzhikevichIntegration {
  // v moves twice by half a step, then u by a whole one with the new v: the
  // listing of 2003.
  kHalfSteps,
  // Euler's method: v and u both from their old values.
  kEulerOldV,
  // v by a whole step, then u with the new v: the listing of 2004.
  kEulerNewV,
  // As kEulerOldV, but input is no current: it moves v at the end of the step
  // by its weight, whatever the step.
  kEuler,
};

// The simple model of spiking neurons: the quadratic equation of
// IzhikevichCell (izhikevich_cells.h), which its named types also fill in. A
// unit fires in the step after which v >= 30 mV; a test at the beginning of the
// next step, as in the listing of 2003, finds the same spikes.
//
// v may exceed 30 mV by hundreds within the step of a spike; with kHalfSteps
// and kEulerNewV, u sees that value.
template <class Real>
class Izhikevich final : public NeuronPopulation<Real> {
 public:
  Izhikevich(const Component& c, const PopulationShape& shape);

  int64_t Step(int64_t step, int64_t begin, int64_t end,
               std::span<const Real* const> inputs, int32_t* spikes) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  struct Form {
    Real square, linear, constant, shift, leak, current;
    Real dt, half_dt;

    Real Slope(Real v, Real u, Real input) const {
      return square * (v * v) + linear * v + constant - u + (input + current);
    }
    Real Recovery(Real a, Real b, Real v, Real u) const {
      return dt * a * (b * (v + shift) - leak * u);
    }
    template <IzhikevichIntegration kIntegration>
    void Move(Real& v, Real& u, Real a, Real b, Real input) const;
  };

  template <IzhikevichIntegration kIntegration>
  int64_t StepUnits(int64_t begin, int64_t end,
                    std::span<const Real* const> inputs, int32_t* spikes);

  Form form_;
  IzhikevichIntegration integration_;
  Array<Real> v_, u_;
  Array<Real> a_, b_, c_, d_;
};

}  // namespace engram
