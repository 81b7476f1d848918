#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace engram {

// Matrices of a network in training lie in arrays of base/array.h at offsets
// that depend on shapes alone, so every product sees the same alignment and
// gives the same bits wherever the array lies.
template <class Real>
using MatrixOf = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
template <class Real>
using MatrixView = Eigen::Map<MatrixOf<Real>>;
template <class Real>
using ConstMatrixView = Eigen::Map<const MatrixOf<Real>>;

// A stack is time-major: the columns of step t are [t samples, (t + 1)
// samples), one a sample.
template <class Real>
MatrixView<Real> View(Real* data, int64_t rows, int64_t cols) {
  return MatrixView<Real>(data, rows, cols);
}
template <class Real>
ConstMatrixView<Real> View(const Real* data, int64_t rows, int64_t cols) {
  return ConstMatrixView<Real>(data, rows, cols);
}

// sums[i] += values(i, 0) + values(i, 1) + ..., in this order.
template <class Real>
void AddColumns(const Real* values, int64_t rows, int64_t cols,
                Real* __restrict sums) {
  for (int64_t j = 0; j < cols; ++j) {
    const Real* __restrict column = values + j * rows;
    for (int64_t i = 0; i < rows; ++i) sums[i] += column[i];
  }
}

}  // namespace engram
