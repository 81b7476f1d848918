#pragma once

#include "absl/status/status.h"
#include "core/programs/saved_execution.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/experiment.h"
#include "core/spec/fault.h"
#include "core/training/parameter_layout.h"

namespace engram {

// A parameter of a network as a run of supervised_training has left it, whole,
// into `values`. NOT_FOUND, INVALID_ARGUMENT: it is not there, has another
// shape, or holds a number that is not finite as a Real.
template <class Real>
absl::Status CopyStored(const StoredInput& stored,
                        const ParameterMatrix& matrix, Real* values);

// Overwrites the parameters that entries `stored_parameters` of a program's
// slot `initial` take from other runs. A refusal names the entry.
template <class Real>
absl::Status TakeStored(const ParameterLayout& layout, const Component& program,
                        const Inputs& inputs, Real* parameters);

// What TakeStored would refuse, as far as the resolver knows it before anything
// runs.
void CheckStored(const ParameterLayout& layout, const Component& program,
                 const Resolver& resolver, Faults& faults);

ComponentSpec StoredParametersSpec();

}  // namespace engram
