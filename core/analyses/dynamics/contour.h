#pragma once

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/base/array.h"

namespace engram {

// A line through a plane, point after point (2, n_points).
struct Polyline {
  std::vector<double> x, y;
  bool is_closed = false;
};

// Values on a square grid: values(i, j) at (axis[i], axis[j]).
struct Grid {
  std::vector<double> axis;
  Array<double> values;
};

// The lines on which `f` is 0: cells of the grid at whose corners its sign
// changes are joined from edge to edge, and where a line crosses an edge is
// solved for to 1e-13 of the axis' length. Lines end at the border or close.
// Of cells with two lines the value in the middle tells which corners belong
// together. A corner at exactly 0 counts as above.
//
// Source: marching squares after Lorensen and Cline (1987),
// doi:10.1145/37402.37422.
std::vector<Polyline> ZeroLines(
    const Grid& grid, absl::FunctionRef<double(double x, double y)> f);

}  // namespace engram
