#pragma once

#include <cstdint>
#include <span>

namespace engram {

// The matrix products of a step of training. Weights stay as they are over the
// steps of a trial, so they are packed once into panels, in the order in which
// registers take them, and each product then reads them as they come.
//
// The order of a sum depends on shapes alone: the same bits whatever the
// threads, wherever arrays lie and however large caches are.

// Columns of a matrix: column j begins at data + stride j. Of stride 0 all are
// the same.
template <class Real>
struct Columns {
  const Real* data = nullptr;
  int64_t stride = 0;
};

// A matrix (rows, cols) in panels of as many rows as registers take at a time,
// each column by column; the last panel is filled up with zeros.
template <class Real>
struct Panels {
  const Real* data = nullptr;  // from a multiple of 64 bytes on
  int64_t rows = 0, cols = 0;
};

// Numbers that the panels of a matrix take, a multiple of 64 bytes.
template <class Real>
int64_t PanelsSize(int64_t rows, int64_t cols);
// The panels of a (rows, cols), in `panels`.
template <class Real>
Panels<Real> Pack(Columns<Real> a, int64_t rows, int64_t cols, Real* panels);
// The panels of the transpose, (cols, rows).
template <class Real>
Panels<Real> PackTransposed(Columns<Real> a, int64_t rows, int64_t cols,
                            Real* panels);

// out(:, j) = start(:, j) + A x(:, j) for `count` columns; x has A.cols rows.
// A sum begins at `start` and takes A's columns in their order. `start` may be
// `out`; A and x may not.
template <class Real>
void Multiply(Panels<Real> a, Columns<Real> x, int64_t count,
              Columns<Real> start, Real* out, int64_t out_stride);

// To which matrix (rows of e, rows) the products of e with rows of x are added;
// its columns are `stride` apart.
template <class Real>
struct OuterSum {
  Columns<Real> x;
  int64_t rows = 0;
  Real* sum = nullptr;
  int64_t stride = 0;
};
// sum += e x^T for each of `sums`, over `count` columns of e (rows, count).
template <class Real>
void AddOuterProducts(Columns<Real> e, int64_t rows, int64_t count,
                      std::span<const OuterSum<Real>> sums);

// x of OuterSum that adds up the columns of e.
template <class Real>
OuterSum<Real> SumOfColumns(Real* sum) {
  static constexpr Real kOne = 1;
  return {{&kOne, 0}, 1, sum, 0};
}

}  // namespace engram
