#pragma once

#include <cstdint>

#include "core/rules/weight_tile.h"

namespace engram {

// Sum of term(k) over k in [0, n), in lanes of fixed number, so that the order
// of additions follows from n alone and the loop is vectorised. Calls along(k)
// before each kLanes terms.
inline constexpr int64_t kLanes = 64;

template <class Real, class Term, class Along>
Real SumInLanes(int64_t n, Term term, Along along) {
  Real lane[kLanes] = {};
  int64_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    along(k);
    for (int64_t l = 0; l < kLanes; ++l) lane[l] += term(k + l);
  }
  for (int64_t l = 0; k + l < n; ++l) lane[l] += term(k + l);
  for (int64_t half = kLanes / 2; half > 0; half /= 2) {
    for (int64_t l = 0; l < half; ++l) lane[l] += lane[l + half];
  }
  return lane[0];
}

template <class Real, class Term>
Real SumInLanes(int64_t n, Term term) {
  return SumInLanes<Real>(n, term, [](int64_t) {});
}

// Sum of term(w) over a column's weights.
template <class Real, class Term>
Real SumOver(const SparseColumn<Real>& column, Term term) {
  const Real* w = column.weights;
  return SumInLanes<Real>(column.size, [=](int64_t k) { return term(w[k]); });
}

// Of a dense column: it lies in the cache and is gone through twice, once to be
// summed, while memory rests. So what the rule works on next is called for
// along the way; it may lie beyond the end of the array, as nothing is read.
template <class Real, class Term>
Real SumOver(const DenseColumn<Real>& column, Term term) {
  constexpr int64_t kLine = 64 / sizeof(Real);
  const Real* w = column.weights;
  const Real* next = w + column.to_next_tile;
  return SumInLanes<Real>(
      column.size, [=](int64_t k) { return term(w[k]); },
      [=](int64_t k) {
        for (int64_t l = 0; l < kLanes; l += kLine) {
          __builtin_prefetch(next + k + l, /*rw=*/1);
        }
      });
}

}  // namespace engram
