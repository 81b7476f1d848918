#pragma once

#include <cstddef>
#include <string>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"

namespace engram {

// Why a generator cannot fire at this rate, at most once a step; empty where it
// can.
std::string RateAboveStep(double rate_hz, double dt);

// A fault where a list that has an entry for each unit is of another length.
void CheckOneForEachUnit(const Component& self, const std::string& parameter,
                         size_t entries, Faults& faults);

}  // namespace engram
