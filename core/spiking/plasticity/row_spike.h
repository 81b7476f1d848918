#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/spiking/plasticity/recent_spikes.h"

namespace engram {

// A presynaptic spike as the synapses of a row see it, in numbers of
// RecentSpikes.
template <class Real>
struct RowSpike {
  Real from;    // postsynaptic spikes with numbers up to this one may wait
  Real to;      // those up to this one are yet to reach the synapse
  Real tie;     // of a spike in the step of the last presynaptic one
  Real before;  // the presynaptic trace there
  Real scale;   // times a number: the presynaptic trace at that spike
  Real fade;    // times a unit's trace: that trace now
  Real slow;    // the slow presynaptic trace now

  Real TraceAt(Real since) const {
    return since == tie ? before : scale * since;
  }
};

// Some synapses of a row, and what is known of their units: small enough to
// stay in the nearest cache between the loops over it. Each loop does one thing
// that packets of processors can do, or that they cannot.
template <class Kernel>
struct RowBlock {
  using Real = typename Kernel::Real;
  using Recent = RecentSpikes<Kernel>;
  static constexpr uint32_t kSize = 128;

  alignas(64) typename Recent::Near near[kSize];
  alignas(64) Real found[kSize];  // weights that the spike finds
  // Synapses of which `near` says too little, with more.
  alignas(64) typename Recent::Far far[kSize];
  alignas(64) Real weight[kSize];
  uint32_t asking[kSize];
};

// Copies what is known of the units offset[k] - first; returns how many
// synapses ask for more: where spikes may wait that have left `near`, or, if
// kIsAhead, the newest is yet to reach the synapse.
template <bool kIsAhead, class Kernel>
uint32_t LoadNear(const typename RecentSpikes<Kernel>::Near* near,
                  const uint32_t* offset, uint32_t first, uint32_t size,
                  const RowSpike<typename Kernel::Real>& spike,
                  RowBlock<Kernel>& block) {
  constexpr int kLast = RecentSpikes<Kernel>::kNear - 1;
  const auto from = spike.from, to = spike.to;
  uint32_t asking = 0;
  for (uint32_t k = 0; k < size; ++k) {
    const auto& known = near[offset[k] - first];
    block.near[k] = known;
    block.asking[asking] = k;
    uint32_t asks = static_cast<uint32_t>(known.since[kLast] <= from);
    if constexpr (kIsAhead) asks |= static_cast<uint32_t>(known.since[0] <= to);
    asking += asks;
  }
  return asking;
}

// Lets a rule see the spikes of a record that wait, the oldest first.
template <class Kernel, class Form, class Landing>
class Seeing {
 public:
  using Real = typename Kernel::Real;

  Seeing(const Form& form, const Landing& landing, const RowSpike<Real>& spike)
      : form_(form), landing_(landing), spike_(spike) {
    // Spikes too long ago to tell are seen to elsewhere.
    spike_.from = std::min(spike.from, std::numeric_limits<Real>::max());
  }

  template <int kSpikes, class Record>
  Real All(const Record& record, Real w) const {
    for (int m = kSpikes - 1; m >= 0; --m) {
      Real slow = 0;
      if constexpr (Kernel::kHasSlowTraces) slow = record.slow[m];
      w = One(record.since[m], slow, w);
    }
    return w;
  }
  // The presynaptic spike, where the postsynaptic trace is q.
  Real Pre(Real q, Real w) const {
    return landing_(0, w, form_.AtPre(w, q * spike_.fade, spike_.slow));
  }

 private:
  Real One(Real since, Real slow, Real w) const {
    if constexpr (Form::kIsCheap) {
      const Real changed =
          landing_(0, w, form_.AtPost(w, spike_.TraceAt(since), slow));
      return since <= spike_.from ? changed : w;
    } else {
      if (!(since <= spike_.from)) return w;
      return landing_(0, w, form_.AtPost(w, spike_.TraceAt(since), slow));
    }
  }

  const Form form_;
  const Landing landing_;
  RowSpike<Real> spike_;
};

// The waiting spikes of `far`.
template <class Kernel, class Form, class Landing>
void SeeFar(const Seeing<Kernel, Form, Landing>& seeing, uint32_t size,
            RowBlock<Kernel>& block) {
  using Real = typename Kernel::Real;
  const Seeing<Kernel, Form, Landing> own = seeing;
  const auto* __restrict far = block.far;
  Real* __restrict weight = block.weight;
  for (uint32_t n = 0; n < size; ++n) {
    weight[n] = own.template All<RecentSpikes<Kernel>::kFar>(far[n], weight[n]);
  }
}

// The waiting spikes of `near`, then the presynaptic one.
template <class Kernel, class Form, class Landing>
void SeeNear(const Seeing<Kernel, Form, Landing>& seeing, uint32_t size,
             typename Kernel::Real* __restrict weight,
             RowBlock<Kernel>& block) {
  using Real = typename Kernel::Real;
  const Seeing<Kernel, Form, Landing> own = seeing;
  const auto* __restrict near = block.near;
  Real* __restrict found = block.found;
  for (uint32_t k = 0; k < size; ++k) {
    const Real w =
        own.template All<RecentSpikes<Kernel>::kNear>(near[k], weight[k]);
    found[k] = w;
    weight[k] = own.Pre(near[k].trace, w);
  }
}

template <class Real>
void AddFound(const uint32_t* __restrict offset, uint32_t first, uint32_t size,
              const Real* __restrict found, Real* __restrict input) {
  for (uint32_t k = 0; k < size; ++k) input[offset[k] - first] += found[k];
}

}  // namespace engram
