#pragma once

#include <cstdint>

#include "core/rules/diagonal_rows.h"
#include "core/rules/limits.h"
#include "core/rules/signals.h"
#include "core/rules/weight_tile.h"

namespace engram {

// What weights wait for: to be multiplied by a number of their postsynaptic
// unit, and then brought within limits, of which soft ones count as hard.
template <class Real>
struct WaitingScale {
  const Real* factor;  // (n_post)
  Limits<Real> limits;
};

// A column whose weights wait: Next(k) is the weight at row k after the wait
// and the rule's change of it.
template <class Real, class Change>
struct WaitingColumn {
  Real* weights;
  const Real* factor;
  HardLanding<Real> landing;
  Change change;

  Real Next(int64_t k) const {
    const Real w = landing.Clip(weights[k] * factor[k]);
    return w + change(k, w);
  }
};

template <class Real, class Rule>
auto WaitingColumnOf(const Rule& rule, const Signals<Real>& s,
                     const DenseColumn<Real>& column,
                     const WaitingScale<Real>& scale) {
  auto change = rule.ChangeOf(s, column);
  return WaitingColumn<Real, decltype(change)>{
      column.weights, scale.factor, HardLandingOf(scale.limits, column.pre),
      change};
}

// Rows [begin, end) of the columns: each weight gets its next value, and
// sums[k] what these add to it, column by column. All values of a row are there
// before the first is written, so that what they share is read once.
template <class Real, class Term, class... Columns>
void MoveRows(Real* sums, int64_t begin, int64_t end, Term term,
              Columns... columns) {
  Real* __restrict sum = sums;
#pragma GCC ivdep
  for (int64_t k = begin; k < end; ++k) {
    [&](auto... value) {
      Real total = sum[k];
      ((total += term(value)), ...);
      ((columns.weights[k] = value), ...);
      sum[k] = total;
    }(columns.Next(k)...);
  }
}

template <class Real, class Term, class... Columns>
void MoveColumns(Real* sums, int64_t size, int64_t pre, bool skips_diagonal,
                 Term term, Columns... columns) {
  ForRowsAroundDiagonal(
      size, pre, sizeof...(columns), skips_diagonal,
      [&](int64_t begin, int64_t end) {
        MoveRows(sums, begin, end, term, columns...);
      },
      [&](int64_t k) {
        int64_t at = pre;
        const auto move = [&](const auto& column) {
          const Real value = at++ == k ? Real{0} : column.Next(k);
          sums[k] += term(value);
          column.weights[k] = value;
        };
        (move(columns), ...);
      });
}

// The dense columns of a tile, by a rule with ChangeOf (tiled_rule.h).
template <class Real, class Rule, class Term>
void MoveTile(const Rule& rule, const Signals<Real>& s,
              const WeightTile<Real>& w, const WaitingScale<Real>& scale,
              bool skips_diagonal, Term term, Real* sums) {
  const auto waiting = [&](const DenseColumn<Real>& column) {
    return WaitingColumnOf(rule, s, column, scale);
  };
  ForColumnGroups(
      w,
      [&](const DenseColumn<Real>(&c)[4]) {
        MoveColumns(sums, c[0].size, c[0].pre, skips_diagonal, term,
                    waiting(c[0]), waiting(c[1]), waiting(c[2]), waiting(c[3]));
      },
      [&](const auto& column) {
        if constexpr (requires { column.rows; })
          return;
        else
          MoveColumns(sums, column.size, column.pre, skips_diagonal, term,
                      waiting(column));
      });
}

}  // namespace engram
