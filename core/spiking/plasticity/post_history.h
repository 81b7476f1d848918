#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "core/spiking/plasticity/decay_table.h"
#include "core/spiking/plasticity/rule_kernels.h"

namespace engram {

// A postsynaptic spike as synapses remember it. Without padding, since a
// checkpoint holds its bytes.
template <class Real>
using SpikeStep =
    std::conditional_t<std::is_same_v<Real, float>, int32_t, int64_t>;
template <class Real>
struct PlainSpike {
  SpikeStep<Real> step;
  Real trace;  // q after it [1]
};
template <class Real>
struct SlowSpike {
  SpikeStep<Real> step;
  Real trace;
  Real slow;  // o before it [1]
};

// Spikes of a unit that may wait before the rule has to see the older half of
// them, along the rows that have been silent since.
inline constexpr int64_t kWaitingSpikes = 64;

// The last spikes of each unit of a population, the newest first.
template <class Kernel>
class PostHistory {
 public:
  using Real = typename Kernel::Real;
  static constexpr bool kHasSlow = Kernel::kHasSlowTraces;
  using Spike = std::conditional_t<kHasSlow, SlowSpike<Real>, PlainSpike<Real>>;
  static constexpr int32_t kNever = -(1 << 30);
  PostHistory(int64_t units, int64_t depth, const TraceTimes& times, double dt)
      : depth_(depth),
        is_nearest_(times.is_nearest),
        fast_(times.minus, dt),
        slow_(times.slow_post, dt),
        spikes_(static_cast<size_t>(units * depth)) {
    for (Spike& spike : spikes_) spike.step = kNever;
  }

  int64_t depth() const { return depth_; }
  // Newest first; those that never were have step kNever.
  const Spike* Of(int64_t unit) const { return spikes_.data() + unit * depth_; }
  const DecayTable<Real>& decay() const { return fast_; }

  // The unit fires at `step`.
  void Add(int64_t unit, int64_t step) {
    Spike* const own = spikes_.data() + unit * depth_;
    Spike next{};
    next.step = static_cast<SpikeStep<Real>>(step);
    next.trace = Raised(own[0].step, step, own[0].trace, fast_);
    if constexpr (kHasSlow) {
      const Real after = is_nearest_ ? Real{1} : own[0].slow + 1;
      next.slow =
          own[0].step == kNever ? Real{0} : after * slow_(step - own[0].step);
    }
    std::copy_backward(own, own + depth_ - 1, own + depth_);
    own[0] = next;
  }
  std::span<std::byte> bytes() {
    return std::as_writable_bytes(std::span(spikes_));
  }

 private:
  Real Raised(int64_t before, int64_t step, Real trace,
              const DecayTable<Real>& decay) const {
    if (is_nearest_ || before == kNever) return Real{1};
    return trace * decay(step - before) + 1;
  }

  int64_t depth_;
  bool is_nearest_;
  DecayTable<Real> fast_, slow_;
  std::vector<Spike> spikes_;  // newest first, `depth` a unit
};

}  // namespace engram
