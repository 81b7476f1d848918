#pragma once

#include <cstdint>

#include "core/rules/limits.h"
#include "core/rules/weight_tile.h"

namespace engram {

// w <- map(i, w), clipped to the limits, for each weight of a column; `map`
// captures plain pointers and numbers.
template <class Column, class Real, class Map>
void MapColumn(const Column& column, const Limits<Real>& limits, Map map) {
  Real* __restrict w = column.weights;
  if (!limits.clips()) {
#pragma GCC ivdep
    for (int64_t k = 0; k < column.size; ++k) w[k] = map(column.post(k), w[k]);
    return;
  }
  const HardLanding<Real> landing = HardLandingOf(limits, column.pre);
#pragma GCC ivdep
  for (int64_t k = 0; k < column.size; ++k) {
    w[k] = landing.Clip(map(column.post(k), w[k]));
  }
}

// Each weight times its postsynaptic unit's factor.
template <class Real>
void ScaleRows(const WeightTile<Real>& tile, const Real* factor,
               const Limits<Real>& limits) {
  ForColumns(tile, [&](const auto& column) {
    MapColumn(column, limits,
              [factor](int64_t i, Real w) { return w * factor[i]; });
  });
}

}  // namespace engram
