#pragma once

#include <algorithm>
#include <cstdint>

namespace engram {

// The rows of `cols` dense columns from presynaptic unit `pre` on, of `size`
// rows each: rows(begin, end) for stretches, and crossed(k) for each row that
// the diagonal crosses, of which there are as many as columns. All rows are one
// stretch where `has_diagonal` is false.
template <class Rows, class Crossed>
void ForRowsAroundDiagonal(int64_t size, int64_t pre, int64_t cols,
                           bool has_diagonal, Rows rows, Crossed crossed) {
  const int64_t first = has_diagonal ? pre : size;
  const int64_t last = std::min(first + cols, size);
  rows(0, first);
  for (int64_t k = first; k < last; ++k) crossed(k);
  rows(last, size);
}

}  // namespace engram
