#pragma once

#include <array>
#include <vector>

#include "absl/functional/function_ref.h"

namespace engram {

struct PlanarPoint {
  double a, b;
};

// The root of two functions of two variables near a guess, by Newton's method
// with differences for derivatives; added to `roots` unless it is there within
// `distance` already, or the search leads far away (a tenth of the plane).
void AddRoot(
    absl::FunctionRef<std::array<double, 2>(double a, double b)> functions,
    PlanarPoint guess, double distance, std::vector<PlanarPoint>& roots);

}  // namespace engram
