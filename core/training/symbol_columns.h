#pragma once

#include <algorithm>
#include <cstdint>

namespace engram {

// A weight matrix times a vector that is 1 at one place is one of its columns:
// products with symbols in place of numbers. `symbols` holds which, one a
// column of what is wanted, as numbers, since inputs of a network are those.

// out(0..rows, j) = weights(:, symbols[j]); out has `out_rows` rows.
template <class Real>
void TakeColumns(const Real* weights, int64_t rows, const Real* symbols,
                 int64_t cols, Real* out, int64_t out_rows) {
  for (int64_t j = 0; j < cols; ++j) {
    const auto symbol = static_cast<int64_t>(symbols[j]);
    std::copy_n(weights + rows * symbol, rows, out + out_rows * j);
  }
}

// gradient(:, symbols[j]) += errors(0..rows, j), in the order of j; errors has
// `error_rows` rows.
template <class Real>
void AddToColumns(const Real* errors, int64_t error_rows, const Real* symbols,
                  int64_t cols, Real* gradient, int64_t rows) {
  for (int64_t j = 0; j < cols; ++j) {
    Real* __restrict sum = gradient + rows * static_cast<int64_t>(symbols[j]);
    const Real* __restrict error = errors + error_rows * j;
    for (int64_t i = 0; i < rows; ++i) sum[i] += error[i];
  }
}

}  // namespace engram
