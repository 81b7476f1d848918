#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"

namespace engram {

// Traces of spikes, one a unit: a spike raises its unit's trace by 1 (all
// pairs count), or sets it to 1 (the nearest spike counts), and it decays
// exactly, exp(-dt / tau) a step. What an update reads at a spike is the trace
// before that spike.
template <class Real>
class SpikeTrace {
 public:
  SpikeTrace(int64_t units, double tau, double dt, bool is_nearest);

  Real operator[](int64_t unit) const { return value_[unit]; }
  const Real* data() const { return value_.data(); }
  Array<Real>& array() { return value_; }
  // At the end of a step, after all updates.
  void Advance(std::span<const int32_t> spikes);

 private:
  Real decay_;
  bool is_nearest_;
  Array<Real> value_;  // (units) [1]
};

extern template class SpikeTrace<float>;
extern template class SpikeTrace<double>;

}  // namespace engram
