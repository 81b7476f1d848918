#include "core/spiking/plasticity/pre_traces.h"

#include <algorithm>

namespace engram {

template <class Real>
PreTraces<Real>::PreTraces(int64_t units, const TraceTimes& times, double dt)
    : is_nearest_(times.is_nearest),
      fast_(times.plus, dt),
      slow_(times.slow_pre, dt),
      states_(static_cast<size_t>(units), PreState<Real>{kNever, 0, 0, 0, 0}),
      first_(1),
      begins_(1, 0) {}

template <class Real>
void PreTraces<Real>::Add(int64_t step, std::span<const int32_t> units,
                          int64_t first_unit) {
  for (const int32_t unit : units) {
    const int64_t row = unit - first_unit;
    if (row < 0 || row >= static_cast<int64_t>(states_.size())) continue;
    PreState<Real>& own = states_[static_cast<size_t>(row)];
    Real before = 0, slow = 0;
    if (own.last != kNever) {
      before = own.after * fast_(step - own.last);
      slow = own.slow_after * slow_(step - own.last);
    }
    spikes_.push_back(
        {.unit = row, .state = own, .slow = static_cast<double>(slow)});
    own = {.last = step,
           .before = before,
           .after = is_nearest_ ? Real{1} : before + 1,
           .slow_before = slow,
           .slow_after = is_nearest_ ? Real{1} : slow + 1};
  }
  begins_.push_back(static_cast<int64_t>(spikes_.size()));
}

template <class Real>
void PreTraces<Real>::Forget(int64_t step) {
  const int64_t drop =
      std::clamp<int64_t>(step - first_[0], 0, end_step() - first_[0]);
  if (drop == 0) return;
  const int64_t gone = begins_[static_cast<size_t>(drop)];
  spikes_.erase(spikes_.begin(), spikes_.begin() + gone);
  begins_.erase(begins_.begin(), begins_.begin() + drop);
  for (int64_t& begin : begins_) begin -= gone;
  first_[0] += drop;
}

template <class Real>
std::span<const PreSpike<Real>> PreTraces<Real>::At(int64_t step) const {
  if (step < first_[0]) return {};
  const size_t k = static_cast<size_t>(step - first_[0]);
  return {spikes_.data() + begins_[k], spikes_.data() + begins_[k + 1]};
}

// A spike holds the state before it, so of those from `step` on the first of a
// unit tells: the last one written when going backwards.
template <class Real>
void PreTraces<Real>::StatesBefore(int64_t step,
                                   std::vector<PreState<Real>>& out) const {
  out = states_;
  for (int64_t at = end_step() - 1; at >= std::max(step, first_[0]); --at) {
    for (const PreSpike<Real>& spike : At(at)) {
      out[static_cast<size_t>(spike.unit)] = spike.state;
    }
  }
}

template <class Real>
void PreTraces<Real>::Restart(int64_t step) {
  first_[0] = step;
  begins_.assign(1, 0);
  spikes_.clear();
}

template class PreTraces<float>;
template class PreTraces<double>;

}  // namespace engram
