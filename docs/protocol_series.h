#pragma once

#include <string>

#include "docs/svg_plot.h"

namespace engram {

// Runs a tree of plasticity_protocol, written as YAML, with seed 1: its weight
// changes over its axis, with their standard errors where it has them. A tree
// that is refused is a ContractViolation.
PlotLine DrawProtocol(const std::string& yaml);

}  // namespace engram
