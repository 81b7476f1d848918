#pragma once

#include <string>

#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// An optional slot for a distribution, from which each unit's value at time 0
// is drawn, in `unit`.
SlotSpec InitialSlot(std::string name, std::string unit, std::string meaning);

// Fills (units) values from the distribution in the slot, and with `otherwise`
// where it is empty. The address of unit k's number is (component, slot, k).
template <class Real>
Array<Real> InitialValues(const Component& c, const PopulationShape& shape,
                          const std::string& slot, double otherwise);

// Of a parameter that may be absent: another value is then taken.
double RealOr(const Component& c, const std::string& name, double otherwise);

}  // namespace engram
