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

// The last spikes of each unit of a population, the newest first: of most
// units a synapse needs but that one, and one cache line holds it.
template <class Kernel>
class PostHistory {
 public:
  using Real = typename Kernel::Real;
  static constexpr bool kHasSlow = Kernel::kHasSlowTraces;
  using Spike = std::conditional_t<kHasSlow, SlowSpike<Real>, PlainSpike<Real>>;
  static constexpr int32_t kNever = -(1 << 30);
  // What most synapses need of a unit, packed: its last spike, and when the one
  // before it was.
  struct Newest {
    SpikeStep<Real> step = kNever, previous = kNever;
    Real trace = 0, slow = 0;  // as in Spike
  };

  PostHistory(int64_t units, int64_t depth, const TraceTimes& times, double dt)
      : depth_(depth),
        is_nearest_(times.is_nearest),
        fast_(times.minus, dt),
        slow_(times.slow_post, dt),
        spikes_(static_cast<size_t>(units * depth)),
        newest_(static_cast<size_t>(units)) {
    for (Spike& spike : spikes_) spike.step = kNever;
  }

  int64_t depth() const { return depth_; }
  // Newest first; those that never were have step kNever.
  const Spike* Of(int64_t unit) const { return spikes_.data() + unit * depth_; }
  const Newest* newest() const { return newest_.data(); }
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
    Pack(unit);
  }
  // After a visitor has set `bytes`.
  void FollowRestored() {
    for (size_t k = 0; k < newest_.size(); ++k) Pack(static_cast<int64_t>(k));
  }
  std::span<std::byte> bytes() {
    return std::as_writable_bytes(std::span(spikes_));
  }

 private:
  void Pack(int64_t unit) {
    const Spike* const own = Of(unit);
    Newest& packed = newest_[static_cast<size_t>(unit)];
    packed.step = own[0].step;
    packed.previous = own[1].step;
    packed.trace = own[0].trace;
    if constexpr (kHasSlow) packed.slow = own[0].slow;
  }
  Real Raised(int64_t before, int64_t step, Real trace,
              const DecayTable<Real>& decay) const {
    if (is_nearest_ || before == kNever) return Real{1};
    return trace * decay(step - before) + 1;
  }

  int64_t depth_;
  bool is_nearest_;
  DecayTable<Real> fast_, slow_;
  std::vector<Spike> spikes_;   // newest first, `depth` a unit
  std::vector<Newest> newest_;  // of each unit
};

}  // namespace engram
