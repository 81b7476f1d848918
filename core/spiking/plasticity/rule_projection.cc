#include "core/spiking/plasticity/rule_projection.h"

#include "core/base/contract.h"
#include "core/spiking/row_prefetch.h"

namespace engram {
namespace {

bool IsDendritic(const ProjectionPiece& piece) {
  return piece.plan->component->Text("delay_of") == "dendrite";
}

// One spike a step while a stretch lasts, and while they are on their way.
int64_t DepthOf(const ProjectionPiece& piece, int64_t stretch) {
  const int64_t away = IsDendritic(piece) ? piece.plan->delay.highest : 0;
  return (kWaitingSpikes + 2 * (stretch + away) + 7) / 8 * 8;
}

}  // namespace

template <class Kernel>
RuleProjection<Kernel>::RuleProjection(const ProjectionPiece& piece,
                                       InputRing<Real>& ring, int64_t stretch,
                                       Parallel& parallel)
    : PlasticProjection<Real>(piece),
      ring_(ring),
      is_dendritic_(IsDendritic(piece)),
      delay_(piece.plan->delay),
      kernel_(piece.plan->component->Slot("rule")),
      times_(Kernel::Times(piece.plan->component->Slot("rule"))),
      limits_(LimitsOf<Real>(piece.plan->component->Slot("rule"),
                             RuleShapeOf(piece))),
      pre_(piece.from.units(), times_, piece.dt),
      horizon_(2, piece.shards),
      is_full_(piece.shards),
      clock_state_(2) {
  clock_state_[0] = clock_state_[1] = -1;
  const Component& rule = piece.plan->component->Slot("rule");
  if (const Component* eligibility = rule.Find("eligibility")) {
    clock_.emplace(eligibility->Real("tau"), piece.dt);
  }
  const int64_t depth = DepthOf(piece, stretch);
  enough_ = kWaitingSpikes + (is_dendritic_ ? delay_.highest : 0);
  std::vector<SynapseTable<Real>> tables =
      BuildTables<Real>(piece, true, parallel);
  for (int s = 0; s < piece.shards; ++s) {
    const ShardUnits units = UnitsOfShard(piece.target_units, piece.shards, s);
    SynapseTable<Real>& table = tables[static_cast<size_t>(s)];
    Array<Real> trace(clock_ ? table.synapses() : 0);
    shards_.push_back(
        {std::move(table), std::move(trace),
         PostHistory<Kernel>(units.end - units.begin, depth, times_, piece.dt),
         RecentSpikes<Kernel>(units.end - units.begin, depth, times_, piece.dt),
         units});
  }
}

template <class Kernel>
int64_t RuleProjection<Kernel>::synapses() const {
  int64_t all = 0;
  for (const Shard& shard : shards_) all += shard.table.synapses();
  return all;
}

template <class Kernel>
void RuleProjection<Kernel>::AddModulator(int64_t step,
                                          std::span<const double> values) {
  if (!clock_) return;
  int64_t& base = clock_state_[0];
  int64_t& settled = clock_state_[1];
  if (settled >= 0 && settled < step) {
    base = settled - 1;
    clock_->Rebase(base);
    settled = -1;
  }
  clock_->Add(values);
  if (settled < 0 && clock_->is_long()) settled = step;
}

template <class Kernel>
void RuleProjection<Kernel>::Deliver(int shard, int64_t step) {
  if (!is_dendritic_) return;
  Shard& own = shards_[static_cast<size_t>(shard)];
  const std::span<const PreSpike<Real>> spikes = pre_.At(step);
  const auto row_of = [&](size_t n) { return spikes[n].unit; };
  const RowPrefetch prefetch(own.table);
  prefetch.Begin(own.table, spikes.size(), row_of);
  for (size_t n = 0; n < spikes.size(); ++n) {
    const PreSpike<Real>& spike = spikes[n];
    prefetch.Next(own.table, spikes.size(), n, row_of);
    VisitParts(
        own.table, spike.unit,
        [&](uint32_t begin, uint32_t end, int64_t delay) {
          SpikeAlong(own, shard, step, spike, {begin, end, delay, spike.state});
        });
  }
}

template <class Kernel>
void RuleProjection<Kernel>::Arrive(int shard, int64_t step) {
  if (is_dendritic_) return;
  Shard& own = shards_[static_cast<size_t>(shard)];
  if (delay_.lowest == delay_.highest) {
    ArriveWhole(own, shard, step);
    return;
  }
  for (int64_t delay = delay_.lowest; delay <= delay_.highest; ++delay) {
    for (const PreSpike<Real>& spike : pre_.At(step - delay)) {
      const SynapseRange part =
          PartOfRow(own.table, spike.unit, delay, ring_.stride());
      if (part.begin == part.end) continue;
      SpikeAlong(own, shard, step, spike,
                 {part.begin, part.end, delay, spike.state});
    }
  }
}

// Rows of one delay.
template <class Kernel>
void RuleProjection<Kernel>::ArriveWhole(Shard& own, int shard, int64_t step) {
  const std::span<const PreSpike<Real>> spikes = pre_.At(step - delay_.lowest);
  const auto row_of = [&](size_t n) { return spikes[n].unit; };
  const RowPrefetch prefetch(own.table);
  prefetch.Begin(own.table, spikes.size(), row_of);
  for (size_t n = 0; n < spikes.size(); ++n) {
    const PreSpike<Real>& spike = spikes[n];
    prefetch.Next(own.table, spikes.size(), n, row_of);
    const size_t row = static_cast<size_t>(spike.unit);
    const uint32_t begin = own.table.begin[row], end = own.table.begin[row + 1];
    if (begin == end) continue;
    SpikeAlong(own, shard, step, spike,
               {begin, end, delay_.lowest, spike.state});
  }
}

template <class Kernel>
typename RuleProjection<Kernel>::Waiting RuleProjection<Kernel>::WaitingAt(
    int shard, const Part& part, int64_t step) const {
  const int64_t dendrite = DendriteOf(part.delay);
  const int64_t arrival = part.pre.last + AxonOf(part.delay);
  const bool is_settled = arrival < horizon_(kSilentSince, shard);
  const int64_t settled = horizon_(kSettledUntil, shard);
  // Before its first presynaptic spike a synapse has nothing to be potentiated
  // by.
  const int64_t from = part.pre.last == PreTraces<Real>::kNever ? step
                       : is_settled                             ? settled
                                                                : arrival;
  return {from - dendrite, step - dendrite, is_settled ? settled - 1 : arrival};
}

template <class Kernel>
void RuleProjection<Kernel>::Fire(int shard, int64_t step,
                                  std::span<const int32_t> units) {
  Shard& own = shards_[static_cast<size_t>(shard)];
  for (const int32_t unit : units) {
    const int64_t k = unit - own.units.begin;
    own.history.Add(k, step);
    own.recent.Add(k, own.history.Of(k));
    if (own.history.Of(k)[enough_ - 1].step >= horizon_(kSilentSince, shard)) {
      is_full_[shard] = 1;
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
