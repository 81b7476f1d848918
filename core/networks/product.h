#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"

namespace engram {

// out[begin, end) += w[begin, end; all] r. Sums run over columns in order, so
// neither packets nor the bounds of a block change a bit. Allocates nothing;
// called for different rows from several threads at once.
void AddProduct(const Array<double>& w, std::span<const double> r,
                int64_t begin, int64_t end, double* out);

// Rows [begin, end) that are worth handing to another thread in a product of
// `cols` columns; whole cache lines, so that two threads never write the same.
int64_t RowsPerBlock(int64_t cols);

}  // namespace engram
