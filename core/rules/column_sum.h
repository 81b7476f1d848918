#pragma once

#include <cstdint>

namespace engram {

// Sum of term(k) over k in [0, n), in lanes of fixed number, so that the order
// of additions follows from n alone and the loop is vectorised.
template <class Real, class Term>
Real SumInLanes(int64_t n, Term term) {
  constexpr int64_t kLanes = 64;
  Real lane[kLanes] = {};
  int64_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) lane[l] += term(k + l);
  }
  for (int64_t l = 0; k + l < n; ++l) lane[l] += term(k + l);
  for (int64_t half = kLanes / 2; half > 0; half /= 2) {
    for (int64_t l = 0; l < half; ++l) lane[l] += lane[l + half];
  }
  return lane[0];
}

// Sum of term(w) over a column's weights.
template <class Column, class Term>
auto SumOver(const Column& column, Term term) {
  const auto* w = column.weights;
  using Real = decltype(term(*w));
  return SumInLanes<Real>(column.size, [&](int64_t k) { return term(w[k]); });
}

}  // namespace engram
