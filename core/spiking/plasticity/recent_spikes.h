#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "core/base/math.h"
#include "core/spiking/plasticity/post_history.h"

namespace engram {

// When the units of a shard fired, in a form that a whole row can use: a spike
// of step s is
//
//   since = exp(-(s - epoch) dt / tau_plus)
//
// whatever the synapse. The presynaptic trace there is this times one number of
// the row, and the spike comes after another where its number is smaller. The
// postsynaptic trace is kept relative to the epoch likewise. The epoch follows
// the network in leaps that depend on the step alone.
//
// What most synapses need of a unit is 16 bytes (32 in double precision, twice
// that with slow traces), so that a shard's units stay in the nearest cache.
template <class Kernel>
class RecentSpikes {
 public:
  using Real = typename Kernel::Real;
  using Spike = typename PostHistory<Kernel>::Spike;
  static constexpr bool kHasSlow = Kernel::kHasSlowTraces;
  static constexpr Real kNone = std::numeric_limits<Real>::infinity();
  // Spikes, newest first; kNone before the first, or too long ago to tell. Of
  // each also o before it, where there is one.
  static constexpr int kNear = 3, kFar = 4;
  struct PlainNear {
    Real since[kNear];
    Real trace;
  };
  struct SlowNear {
    Real since[kNear];
    Real trace;
    Real slow[kNear];
    Real unused;  // packets read whole powers of two
  };
  using Near = std::conditional_t<kHasSlow, SlowNear, PlainNear>;
  // The spikes before those.
  struct PlainFar {
    Real since[kFar];
  };
  struct SlowFar {
    Real since[kFar];
    Real slow[kFar];
  };
  using Far = std::conditional_t<kHasSlow, SlowFar, PlainFar>;

  RecentSpikes(int64_t units, int64_t depth, const TraceTimes& times, double dt)
      : plus_(dt / times.plus),
        minus_(dt / times.minus),
        leap_(StepsOf(kFurthest / std::max(plus_, minus_))),
        reach_(StepsOf(kFurthest / plus_)),
        depth_(depth),
        near_(static_cast<size_t>(units)),
        since_(static_cast<size_t>(units * depth)) {}

  // Whether numbers of neighbouring steps differ, without which all this says
  // nothing.
  bool can_tell() const {
    return plus_ >= 4 * double{std::numeric_limits<Real>::epsilon()};
  }
  const Near* near() const { return near_.data(); }
  // Of as many spikes as the unit remembers, newest first.
  const Real* SinceOf(int64_t unit) const {
    return since_.data() + unit * depth_;
  }
  Far FarOf(int64_t unit, const Spike* spikes) const {
    Far far;
    Copy<kFar>(SinceOf(unit) + kNear, spikes + kNear, far);
    return far;
  }

  // Before a presynaptic spike at `step`.
  void MoveTo(int64_t step, const PostHistory<Kernel>& history) {
    const int64_t epoch = step / leap_ * leap_;
    if (epoch == epoch_) return;
    epoch_ = epoch;
    faded_at_ = kNowhere;
    for (int64_t k = 0; k < static_cast<int64_t>(near_.size()); ++k) {
      const Spike* const spikes = history.Of(k);
      Real* const since = since_.data() + k * depth_;
      for (int64_t m = 0; m < depth_; ++m) since[m] = Since(spikes[m].step);
      Pack(k, spikes);
    }
  }
  // The next MoveTo reads the histories anew.
  void Forget() { epoch_ = kNowhere; }
  // A unit has fired; its spikes with this one.
  void Add(int64_t unit, const Spike* spikes) {
    if (epoch_ == kNowhere) return;
    Real* const since = since_.data() + unit * depth_;
    std::copy_backward(since, since + depth_ - 1, since + depth_);
    since[0] = Since(spikes[0].step);
    Pack(unit, spikes);
  }

  Real Since(int64_t step) const {
    if (step < epoch_ - reach_) return kNone;
    return Exp(-plus_ * static_cast<double>(step - epoch_));
  }
  // Times Since of another step, it is a presynaptic trace that is `trace` at
  // `step`.
  Real Scale(Real trace, int64_t step) const {
    return trace / Exp(-plus_ * static_cast<double>(step - epoch_));
  }
  Real Trace(const Spike& spike) const {
    return spike.trace * Exp(minus_ * static_cast<double>(spike.step - epoch_));
  }
  // Times Trace, it is the trace at `step`.
  Real Fade(int64_t step) {
    if (step != faded_at_) {
      faded_at_ = step;
      fade_ = Exp(-minus_ * static_cast<double>(step - epoch_));
    }
    return fade_;
  }

 private:
  static constexpr int64_t kNowhere = std::numeric_limits<int64_t>::min();
  // In time constants: exp of twice as much is still a number.
  static constexpr double kFurthest = std::is_same_v<Real, float> ? 40 : 350;

  static int64_t StepsOf(double steps) {
    return static_cast<int64_t>(std::clamp(steps, 1.0, 1e15));
  }
  template <int kSize, class Record>
  static void Copy(const Real* since, const Spike* spikes, Record& record) {
    for (int m = 0; m < kSize; ++m) {
      record.since[m] = since[m];
      if constexpr (kHasSlow) record.slow[m] = spikes[m].slow;
    }
  }
  void Pack(int64_t unit, const Spike* spikes) {
    Near& near = near_[static_cast<size_t>(unit)];
    Copy<kNear>(SinceOf(unit), spikes, near);
    near.trace = Trace(spikes[0]);
  }
  static Real Exp(double x) { return static_cast<Real>(math::Exp(x)); }

  double plus_, minus_;  // [1/step]
  int64_t leap_, reach_;
  int64_t depth_;
  int64_t epoch_ = kNowhere;
  int64_t faded_at_ = kNowhere;  // step of `fade_`, at this epoch
  Real fade_ = 0;
  std::vector<Near> near_;
  std::vector<Real> since_;  // `depth` a unit
};

}  // namespace engram
