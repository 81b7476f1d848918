#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// What leaky integrate-and-fire models share: the membrane's parameters, and
// the time after a spike in which it is held at the reset.
//
// A unit that fires at the end of a step stays at v_reset for the next
// round(t_ref / dt) steps.
struct LifMembrane {
  LifMembrane(const Component& c, double dt);

  double tau;          // [ms]
  double capacitance;  // [pF]
  double rest;         // e_l [mV]
  double threshold;    // v_th [mV]
  double reset;        // v_reset [mV]
  double current;      // constant [pA]
  int64_t refractory;  // [steps]
};

// Defaults of LifParameters, in the same units.
struct LifDefaults {
  double tau = 20, capacitance = 200, rest = -60, threshold = -50, reset = -60,
         refractory = 5;
};
std::vector<ParameterSpec> LifParameters(const LifDefaults& defaults);
// v_reset below v_th, and whole numbers of steps for what is held.
void CheckLif(const Component& self, Faults& faults);

// v(k) at rest, unless drawn.
template <class Real>
Array<Real> InitialPotential(const Component& c, const PopulationShape& shape);
SlotSpec InitialPotentialSlot();

// Why a filter of this time constant cannot be integrated by Euler's method;
// empty where it can.
std::string UnstableFilter(const std::string& name, double tau, double dt);

// The membrane's numbers as its units are moved with them.
template <class Real>
struct LifConstants {
  explicit LifConstants(const LifMembrane& m)
      : rest(static_cast<Real>(m.rest)),
        reset(static_cast<Real>(m.reset)),
        threshold(static_cast<Real>(m.threshold)),
        current(static_cast<Real>(m.current)),
        refractory(static_cast<int32_t>(m.refractory)) {}

  Real rest, reset, threshold, current;
  int32_t refractory;  // [steps]
};

}  // namespace engram
