// Where more spikes of a unit are about to wait than it remembers.

#include "core/spiking/plasticity/rule_projection.h"

namespace engram {

template <class Kernel>
void RuleProjection<Kernel>::Settle(int shard, int64_t step) {
  const bool is_whole = clock_state_[1] == step;
  if (is_full_[shard] == 0 && !is_whole) return;
  Shard& own = shards_[static_cast<size_t>(shard)];
  const int64_t since = is_whole ? step : SilentSince(own, step);
  SettleInto(own, shard, {own.table.weight.data(), own.trace.data()}, step,
             since, {0, own.table.rows()});
  horizon_(kSilentSince, shard) = since;
  horizon_(kSettledUntil, shard) = step;
  is_full_[shard] = 0;
}

// Rows that have been silent since then are to be settled, so that of no unit
// more than half of what may wait still does.
template <class Kernel>
int64_t RuleProjection<Kernel>::SilentSince(const Shard& own,
                                            int64_t step) const {
  int64_t since = 0;
  for (int64_t k = 0; k < own.units.end - own.units.begin; ++k) {
    const Spike& spike = own.history.Of(k)[enough_ - kWaitingSpikes / 2];
    since = std::max<int64_t>(since, spike.step + 1);
  }
  return std::min(since, step);
}

template <class Kernel>
void RuleProjection<Kernel>::SettleInto(const Shard& own, int shard,
                                        Synapses synapses, int64_t step,
                                        int64_t since, Rows rows) const {
  std::vector<PreState<Real>> states;
  for (int64_t delay = delay_.lowest; delay <= delay_.highest; ++delay) {
    // Where the dendrite delays, all synapses have seen the same spikes.
    if (states.empty() || !is_dendritic_) {
      pre_.StatesBefore(step - AxonOf(delay), states);
    }
    for (int64_t row = rows.begin; row < rows.end; ++row) {
      const PreState<Real>& pre = states[static_cast<size_t>(row)];
      if (pre.last == PreTraces<Real>::kNever ||
          pre.last + AxonOf(delay) >= since) {
        continue;
      }
      VisitParts(own.table, row, [&](uint32_t begin, uint32_t end, int64_t d) {
        if (d != delay) return;
        const Part part{begin, end, d, pre};
        const Waiting waiting = WaitingAt(shard, part, step);
        // The row's trace may have vanished before they came.
        const int64_t gone =
            waiting.from + DendriteOf(d) - AxonOf(d) - pre.last;
        if (!clock_ && pre_.decay()(gone) == 0) return;
        WithLandingOf(row, [&](const auto& landing) {
          for (uint32_t k = begin; k < end; ++k) {
            const int64_t unit = own.table.offset[k] - (d - 1) * ring_.stride();
            const Spike* const newest = NewestBefore(own, unit, waiting.to);
            if (clock_) {
              CatchUp(synapses, k, part, newest, waiting, step - 1, landing);
            } else {
              Real& w = synapses.weight(k);
              ForWaiting(newest, waiting.from, [&](const Spike& seen) {
                w = landing(0, w,
                            kernel_.AtPost(w, TraceAt(part, seen),
                                           SlowOf<Kernel>(seen)));
              });
            }
          }
        });
      });
    }
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
