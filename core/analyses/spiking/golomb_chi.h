#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/array.h"
#include "core/programs/state_visitor.h"

namespace engram {

// How synchronous potentials are (Golomb and Rinzel 1994,
// doi:10.1016/0167-2789(94)90214-3):
//
//   chi^2 = var_t(mean_i V_i) / mean_i var_t(V_i)
//
// 1 when all units do the same, 1 / sqrt(n) when n units are independent.
// Gathered sample by sample, in one pass; each potential is taken relative to
// the unit's first one, which keeps the sums small.
class GolombChi {
 public:
  explicit GolombChi(int64_t units);

  // A sample: one potential a unit [mV].
  template <class Real>
  void Add(std::span<const Real> potential);
  // Empty before the second sample, and when nothing varies.
  std::optional<double> chi() const;

  void VisitState(absl::string_view prefix, StateVisitor& v);

 private:
  Array<double> first_;    // (units) [mV]
  Array<double> sum_;      // (units) of V - first
  Array<double> squares_;  // (units) of (V - first)^2
  // Samples, sum of the mean over units, sum of its square.
  Array<double> totals_;
};

}  // namespace engram
