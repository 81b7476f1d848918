#pragma once

#include <cstdint>

#include "core/rules/diagonal_rows.h"
#include "core/rules/signals.h"
#include "core/rules/weight_tile.h"

namespace engram {

// What sums over rows will be after a rule's step, found without a write to the
// weights: reading them twice and writing them once costs three quarters of
// reading and writing them twice.

// A callable of the row k: what the weight there will add to the sum.
template <class Real, class Rule, class Term>
auto TermAhead(const Rule& rule, const Signals<Real>& s,
               const DenseColumn<Real>& column, Term term) {
  return [change = rule.ChangeOf(s, column),
          w = static_cast<const Real*>(column.weights),
          term](int64_t k) { return term(w[k] + change(k, w[k])); };
}

// Rows [begin, end) of the columns whose terms are given, one after the other.
template <class Real, class... Ahead>
void AddRows(Real* sums, int64_t begin, int64_t end, Ahead... ahead) {
  Real* __restrict sum = sums;
#pragma GCC ivdep
  for (int64_t k = begin; k < end; ++k) {
    Real total = sum[k];
    ((total += ahead(k)), ...);
    sum[k] = total;
  }
}

// The columns from presynaptic unit `pre` on, of `size` rows each.
template <class Real, class... Ahead>
void AddColumns(Real* sums, int64_t size, int64_t pre, bool skips_diagonal,
                Ahead... ahead) {
  ForRowsAroundDiagonal(
      size, pre, sizeof...(ahead), skips_diagonal,
      [&](int64_t begin, int64_t end) { AddRows(sums, begin, end, ahead...); },
      [&](int64_t k) {
        int64_t column = pre;
        ((sums[k] += column++ == k ? Real{0} : ahead(k)), ...);
      });
}

// Of a rule with ChangeOf (tiled_rule.h).
template <class Real, class Rule, class Term>
void AddTileAhead(const Rule& rule, const Signals<Real>& s,
                  const WeightTile<Real>& w, bool skips_diagonal, Term term,
                  Real* sums) {
  const auto ahead = [&](const DenseColumn<Real>& column) {
    return TermAhead(rule, s, column, term);
  };
  ForColumnGroups(
      w,
      [&](const DenseColumn<Real>(&c)[4]) {
        AddColumns(sums, c[0].size, c[0].pre, skips_diagonal, ahead(c[0]),
                   ahead(c[1]), ahead(c[2]), ahead(c[3]));
      },
      [&](const auto& column) {
        if constexpr (requires { column.rows; })
          return;
        else
          AddColumns(sums, column.size, column.pre, skips_diagonal,
                     ahead(column));
      });
}

}  // namespace engram
