// What a presynaptic spike does along its row.

#include "core/spiking/plasticity/row_spike.h"
#include "core/spiking/plasticity/rule_projection.h"

namespace engram {

template <class Kernel>
void RuleProjection<Kernel>::SpikeAlong(Shard& own, int shard, int64_t step,
                                        const PreSpike<Real>& spike,
                                        const Part& part) {
  WithLandingOf(spike.unit, [&](const auto& landing) {
    if (clock_) {
      TracedSpikeAt(own, shard, step, spike, part, landing);
    } else if (!own.recent.can_tell()) {
      SingleSpikeAt(own, shard, step, spike, part, landing);
    } else {
      kernel_.WithForm([&](const auto& form) {
        SpikeAt(own, shard, step, spike, part, form, landing);
      });
    }
  });
}

template <class Kernel>
RowSpike<typename Kernel::Real> RuleProjection<Kernel>::RowSpikeOf(
    Recent& recent, const PreSpike<Real>& spike, const Part& part,
    const Waiting& waiting) const {
  RowSpike<Real> seen{.from = -1,
                      .to = -1,
                      .tie = -1,
                      .before = part.pre.before,
                      .scale = 0,
                      .fade = recent.Fade(waiting.to),
                      .slow = static_cast<Real>(spike.slow)};
  if (is_dendritic_) seen.to = recent.Since(waiting.to);
  if (part.pre.last == PreTraces<Real>::kNever) return seen;
  const int64_t tie =
      part.pre.last + AxonOf(part.delay) - DendriteOf(part.delay);
  seen.tie = recent.Since(tie);
  seen.from = waiting.from == tie ? seen.tie : recent.Since(waiting.from);
  seen.scale = recent.Scale(part.pre.after, tie);
  return seen;
}

template <class Kernel>
template <class Form, class Landing>
void RuleProjection<Kernel>::SpikeAt(Shard& own, int shard, int64_t step,
                                     const PreSpike<Real>& spike,
                                     const Part& part, const Form& form,
                                     const Landing& landing) {
  own.recent.MoveTo(step, own.history);
  const Waiting waiting = WaitingAt(shard, part, step);
  const RowSpike<Real> seen = RowSpikeOf(own.recent, spike, part, waiting);
  const Seeing<Kernel, Form, Landing> seeing(form, landing, seen);
  const uint32_t shift = ShiftOf(part);
  const uint32_t first = shift + static_cast<uint32_t>(own.units.begin);
  Real* const input = InputAt(step, part);
  RowBlock<Kernel> block;
  for (uint32_t at = part.begin; at < part.end; at += block.kSize) {
    const uint32_t size = std::min(block.kSize, part.end - at);
    const uint32_t* const offset = own.table.offset.data() + at;
    Real* const weight = own.table.weight.data() + at;
    const uint32_t asking = is_dendritic_
                                ? LoadNear<true>(own.recent.near(), offset,
                                                 first, size, seen, block)
                                : LoadNear<false>(own.recent.near(), offset,
                                                  first, size, seen, block);
    for (uint32_t n = 0; n < asking; ++n) {
      const uint32_t k = block.asking[n];
      const int64_t unit = offset[k] - first;
      block.far[n] = own.recent.FarOf(unit, own.history.Of(unit));
      block.weight[n] = weight[k];
      if (AsksOn(seen, block.near[k], block.far[n])) {
        block.weight[n] = Answer(own, unit, waiting, part, seen, form, landing,
                                 block.weight[n], block.near[k], block.far[n]);
      }
    }
    SeeFar(seeing, asking, block);
    for (uint32_t n = 0; n < asking; ++n) {
      weight[block.asking[n]] = block.weight[n];
    }
    SeeNear(seeing, size, weight, block);
    AddFound(offset, shift, size, block.found, input);
  }
}

// What packets cannot do for a synapse: the spikes that its unit's records do
// not tell, or all of them where the newest is yet to come.
template <class Kernel>
template <class Form, class Landing>
typename Kernel::Real RuleProjection<Kernel>::Answer(
    const Shard& own, int64_t unit, const Waiting& waiting, const Part& part,
    const RowSpike<Real>& seen, const Form& form, const Landing& landing,
    Real w, typename Recent::Near& near, typename Recent::Far& far) const {
  const Spike* const spikes = own.history.Of(unit);
  const Spike* newest = spikes + Recent::kNear + Recent::kFar;
  if (near.since[0] <= seen.to ||
      far.since[Recent::kFar - 1] == Recent::kNone) {
    newest = NewestBefore(own, unit + own.units.begin, waiting.to);
    std::ranges::fill(near.since, Recent::kNone);
    std::ranges::fill(far.since, Recent::kNone);
    near.trace = own.recent.Trace(*newest);
  }
  const Real* const since_of = own.recent.SinceOf(unit);
  ForWaiting(newest, waiting.from, [&](const Spike& spike) {
    const Real since = since_of[&spike - spikes];
    const Real p =
        since == Recent::kNone ? TraceAt(part, spike) : seen.TraceAt(since);
    w = landing(0, w, form.AtPost(w, p, SlowOf<Kernel>(spike)));
  });
  return w;
}

template <class Kernel>
template <class Landing>
void RuleProjection<Kernel>::SingleSpikeAt(Shard& own, int shard, int64_t step,
                                           const PreSpike<Real>& spike,
                                           const Part& part,
                                           const Landing& landing) {
  const Waiting waiting = WaitingAt(shard, part, step);
  Real* const input = InputAt(step, part);
  const DecayTable<Real>& decay = own.history.decay();
  for (uint32_t k = part.begin; k < part.end; ++k) {
    const int64_t unit = own.table.offset[k] - ShiftOf(part);
    const Spike* const newest = NewestBefore(own, unit, waiting.to);
    Real w = own.table.weight[k];
    ForWaiting(newest, waiting.from, [&](const Spike& at) {
      w = landing(0, w,
                  kernel_.AtPost(w, TraceAt(part, at), SlowOf<Kernel>(at)));
    });
    input[unit] += w;
    const Real trace = newest->trace * decay(waiting.to - newest->step);
    own.table.weight[k] =
        landing(0, w, kernel_.AtPre(w, trace, static_cast<Real>(spike.slow)));
  }
}

template <class Kernel>
template <class Landing>
void RuleProjection<Kernel>::TracedSpikeAt(Shard& own, int shard, int64_t step,
                                           const PreSpike<Real>& spike,
                                           const Part& part,
                                           const Landing& landing) {
  const Waiting waiting = WaitingAt(shard, part, step);
  const uint32_t shift = ShiftOf(part);
  Real* const input = InputAt(step, part);
  const Synapses synapses{own.table.weight.data(), own.trace.data()};
  const DecayTable<Real>& decay = own.history.decay();
  const Real gain = static_cast<Real>(clock_->GainAt(step));
  for (uint32_t k = part.begin; k < part.end; ++k) {
    const int64_t unit = own.table.offset[k] - shift;
    const Spike* const newest = NewestBefore(own, unit, waiting.to);
    CatchUp(synapses, k, part, newest, waiting, step, landing);
    const Real w = synapses.weight(k);
    input[unit] += w;
    const Real trace = newest->trace * decay(waiting.to - newest->step);
    const Real change = kernel_.AtPre(w, trace, static_cast<Real>(spike.slow));
    synapses.trace(k) += change;
    synapses.weight(k) = landing(0, w, gain * change);
  }
}

template class RuleProjection<PairKernel<float>>;
template class RuleProjection<PairKernel<double>>;
template class RuleProjection<PowerLawKernel<float>>;
template class RuleProjection<PowerLawKernel<double>>;
template class RuleProjection<TripletKernel<float>>;
template class RuleProjection<TripletKernel<double>>;
template class RuleProjection<VogelsKernel<float>>;
template class RuleProjection<VogelsKernel<double>>;

}  // namespace engram
