#pragma once

#include <cstdint>
#include <functional>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/training/parameter_layout.h"

namespace engram {

// What parameters must satisfy: after each step of the optimizer, and at the
// start, they are put back to the nearest values that do.
struct ConstraintRow {
  ComponentSpec spec;
  // Why the constraint cannot be put on a matrix; empty where it can.
  std::string (*refusal)(const Component& constraint,
                         const ParameterMatrix& matrix) = nullptr;
  void (*apply_single)(const Component& constraint,
                       const ParameterMatrix& matrix, float* values) = nullptr;
  void (*apply_double)(const Component& constraint,
                       const ParameterMatrix& matrix, double* values) = nullptr;
};

}  // namespace engram
