#pragma once

#include <cstdint>
#include <vector>

#include "core/base/array.h"

namespace engram {

// The column for each row of a square cost matrix, each column once, whose
// summed cost is the smallest: O(n^3), by augmenting paths with potentials
// (Kuhn 1955, doi:10.1002/nav.3800020109; Jonker and Volgenant 1987,
// doi:10.1007/BF02278710). Of several the same on any machine.
std::vector<int64_t> CheapestAssignment(const Array<double>& cost);

}  // namespace engram
