#pragma once

#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/fault.h"

namespace engram {

// A program takes the networks that it knows how to run: adds a fault when the
// one in its slot `network` is of no type among `types`. Whether it is, so that
// a check may go on and read its parameters.
bool TakesNetwork(const Component& program,
                  const std::vector<std::string>& types, Faults& faults);

}  // namespace engram
