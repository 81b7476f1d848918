#pragma once

#include "core/spec/component_spec.h"

namespace engram {

// Synapses from units to units: who is connected, with which weights and
// delays, and what changes them.
ComponentSpec SynapsesSpec();
// A name for a selection of units.
ComponentSpec GroupSpec();

}  // namespace engram
