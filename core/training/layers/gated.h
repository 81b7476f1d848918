#pragma once

#include <cmath>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/training/layer.h"

namespace engram {

// Every parameter of a gated layer is uniform in +-1/sqrt(units).
inline double GatedBound(const Component& c) {
  return 1 / std::sqrt(static_cast<double>(c.Integer("units")));
}

// What gated layers share; those with a forget gate have its bias.
inline std::vector<ParameterSpec> GatedParameters(bool has_forget_gate) {
  std::vector<ParameterSpec> parameters = {
      Integer("units", 50, 1, 100000, "cells of a layer"),
      Integer("layers", 1, 1, 100, "layers, one upon the other")};
  if (has_forget_gate) {
    parameters.push_back(Real("forget_bias", "1", 0, -100, 100,
                              "added to the forget gates' drawn biases"));
  }
  return parameters;
}

// Adds the parameter `forget_bias` to the bias of gate number `gate`.
inline void ShiftForgetBias(const Component& c, LayerPlace place, int gate) {
  const int64_t units = c.Integer("units");
  place.layout.Shift(place.prefix + "bias", gate * units, (gate + 1) * units,
                     c.Real("forget_bias"));
}

}  // namespace engram
