#pragma once

#include <cstdint>
#include <string>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/fault.h"
#include "core/training/parameter_layout.h"

namespace engram {

// How parameters begin: entries of a program's slot `initial`.
inline constexpr char kStoredParameters[] = "stored_parameters";
// Names of groups of parameters, beside layer_1 and so on.
inline constexpr char kLayers[] = "layers";
inline constexpr char kReadout[] = "readout";

// The entry that says how a parameter begins; null: the network's own way. An
// entry that names the parameter goes before one that names its layer, and
// that before one that takes all layers.
const Component* InitialOf(const Component& program, const std::string& name);

// Names that the network does not have, and parameters of which two entries
// say equally how they begin.
void CheckInitial(const Component& program, const ParameterLayout& layout,
                  Faults& faults);

// Parameters as drawn at the start: each matrix by its own distribution.
template <class Real>
void DrawParameters(const ParameterLayout& layout, const Component& program,
                    uint64_t seed, Real* parameters);

ComponentSpec InitialWeightsSpec();

}  // namespace engram
