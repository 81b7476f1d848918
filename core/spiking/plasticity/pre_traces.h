#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/array.h"
#include "core/spiking/plasticity/decay_table.h"
#include "core/spiking/plasticity/rule_kernels.h"

namespace engram {

// What all synapses of a presynaptic unit share: when it fired last, and its
// traces there. Without padding, since a checkpoint holds its bytes.
template <class Real>
struct PreState {
  int64_t last;        // step of its last spike, kNever before the first
  Real before, after;  // its trace at that step, without and with that spike
  Real slow_before, slow_after;  // the same of the slow trace [1]
};

// A presynaptic spike, with the state of its unit just before it, and the slow
// trace at the spike, without it.
template <class Real>
struct PreSpike {
  int64_t unit;
  PreState<Real> state;
  double slow;
};

// Presynaptic traces of a projection, moved from spike to spike, and the spikes
// of the last steps, which synapses with a delay see later.
template <class Real>
class PreTraces {
 public:
  static constexpr int64_t kNever = -(int64_t{1} << 40);

  PreTraces(int64_t units, const TraceTimes& times, double dt);

  // Spikes of the step after those that it has, in order of units.
  void Add(int64_t step, std::span<const int32_t> units, int64_t first_unit);
  // Drops the spikes before `step`.
  void Forget(int64_t step);
  int64_t first_step() const { return first_[0]; }
  int64_t end_step() const {
    return first_[0] + static_cast<int64_t>(begins_.size()) - 1;
  }
  // Of a step; none before first_step.
  std::span<const PreSpike<Real>> At(int64_t step) const;
  // The unit's state with its spikes before `step` alone, into `out` (units).
  void StatesBefore(int64_t step, std::vector<PreState<Real>>& out) const;
  // The trace at `step`, at or after the unit's last spike: without a spike of
  // that step.
  Real TraceAt(const PreState<Real>& state, int64_t step) const {
    if (step == state.last) return state.before;
    return state.after * fast_(step - state.last);
  }
  const DecayTable<Real>& decay() const { return fast_; }

  // Arrays of the state, for visitors: units' states, and the spikes.
  std::vector<PreState<Real>>& states() { return states_; }
  std::vector<PreSpike<Real>>& spikes() { return spikes_; }
  std::vector<int64_t>& begins() { return begins_; }
  Array<int64_t>& first() { return first_; }
  void Restart(int64_t step);

 private:
  bool is_nearest_;
  DecayTable<Real> fast_, slow_;
  std::vector<PreState<Real>> states_;
  Array<int64_t> first_;         // step of the first spikes that are kept
  std::vector<int64_t> begins_;  // of each step's spikes, and their end
  std::vector<PreSpike<Real>> spikes_;
};

extern template class PreTraces<float>;
extern template class PreTraces<double>;

}  // namespace engram
