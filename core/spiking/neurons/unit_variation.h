#pragma once

#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spiking/neuron_population.h"

namespace engram {

// Parameters that differ from unit to unit and share one draw: with r uniform
// in (0, 1), of its own for each unit,
//
//   x_k = x + x_range r_k^range_power
//
// A parameter without a range is the same for all units.
class UnitVariation {
 public:
  UnitVariation(const Component& c, const PopulationShape& shape);

  // Of the parameter `name`, which is `value` where r is 0.
  template <class Real>
  Array<Real> Values(const std::string& name, double value) const;

 private:
  const Component& component_;
  std::vector<double> draws_;  // (units) r^range_power
};

// The parameter x_range of the parameter `name`.
ParameterSpec RangeOf(const std::string& name, std::string unit);
ParameterSpec RangePower();

}  // namespace engram
