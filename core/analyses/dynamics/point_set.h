#pragma once

#include <cstdint>
#include <vector>

#include "core/base/array.h"

namespace engram {

// States that are the same up to the accuracy of a search, taken together.
struct PointSet {
  // Of each point the column of `states` that came to it first.
  std::vector<int64_t> first;
  // Columns that came to it, that one included.
  std::vector<int64_t> count;
  // Of each column its point; -1 where `counts_in` is false.
  std::vector<int64_t> point_of;
};

// Columns of `states` (n, n_states) that count in; two are one point when no
// coordinate differs by more than `distance`.
PointSet MergeStates(const Array<double>& states,
                     const std::vector<bool>& counts_in, double distance);

// Columns `which` of `states`.
Array<double> ColumnsOf(const Array<double>& states,
                        const std::vector<int64_t>& which);

}  // namespace engram
