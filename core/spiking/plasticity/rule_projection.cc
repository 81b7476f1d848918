#include "core/spiking/plasticity/rule_projection.h"

#include <type_traits>

#include "core/base/contract.h"

namespace engram {
namespace {

// Spikes of a unit that may wait before the rule has to see them all: enough
// that synapses are seldom walked for it, few enough to stay in cache.
constexpr int64_t kWaitingSpikes = 16;

RuleShape ShapeOf(const ProjectionPiece& piece) {
  return {.n_post = piece.to.units(),
          .n_pre = piece.from.units(),
          .dt = piece.dt,
          .is_recurrent = false,
          .synapses = 0};
}

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
      limits_(
          LimitsOf<Real>(piece.plan->component->Slot("rule"), ShapeOf(piece))),
      pre_(piece.from.units(), times_, piece.dt),
      horizon_(piece.shards),
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
template <class Work>
void RuleProjection<Kernel>::WithLandingOf(int64_t row, Work work) const {
  WithLanding(limits_, [&](const auto& landing_of) { work(landing_of(row)); });
}

// Calls visit(begin, end, delay) for the stretches of a row of one delay.
template <class Kernel>
template <class Visit>
void RuleProjection<Kernel>::ForParts(const SynapseTable<Real>& table,
                                      int64_t row, Visit visit) const {
  const uint32_t* const offset = table.offset.data();
  uint32_t begin = table.begin[static_cast<size_t>(row)];
  const uint32_t end = table.begin[static_cast<size_t>(row) + 1];
  if (delay_.lowest == delay_.highest) {
    if (begin < end) visit(begin, end, delay_.lowest);
    return;
  }
  const uint32_t stride = static_cast<uint32_t>(ring_.stride());
  while (begin < end) {
    const uint32_t column = offset[begin] / stride;
    const uint32_t* const next =
        std::lower_bound(offset + begin, offset + end, (column + 1) * stride);
    const uint32_t stop = static_cast<uint32_t>(next - offset);
    visit(begin, stop, static_cast<int64_t>(column) + 1);
    begin = stop;
  }
}

template <class Kernel>
void RuleProjection<Kernel>::Deliver(int shard, int64_t step) {
  if (!is_dendritic_) return;
  Shard& own = shards_[static_cast<size_t>(shard)];
  for (const PreSpike<Real>& spike : pre_.At(step)) {
    ForParts(
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
  const uint32_t* const offset = own.table.offset.data();
  const uint32_t stride = static_cast<uint32_t>(ring_.stride());
  for (int64_t delay = delay_.lowest; delay <= delay_.highest; ++delay) {
    for (const PreSpike<Real>& spike : pre_.At(step - delay)) {
      const size_t row = static_cast<size_t>(spike.unit);
      uint32_t begin = own.table.begin[row], end = own.table.begin[row + 1];
      if (delay_.lowest != delay_.highest) {
        const uint32_t column = static_cast<uint32_t>(delay - 1);
        const uint32_t* const first =
            std::lower_bound(offset + begin, offset + end, column * stride);
        const uint32_t* const last =
            std::lower_bound(first, offset + end, (column + 1) * stride);
        begin = static_cast<uint32_t>(first - offset);
        end = static_cast<uint32_t>(last - offset);
      }
      if (begin == end) continue;
      SpikeAlong(own, shard, step, spike, {begin, end, delay, spike.state});
    }
  }
}

template <class Kernel>
typename RuleProjection<Kernel>::Waiting RuleProjection<Kernel>::WaitingAt(
    int shard, const Part& part, int64_t step) const {
  const int64_t dendrite = DendriteOf(part.delay);
  const int64_t horizon = horizon_[shard];
  const int64_t arrival = part.pre.last + AxonOf(part.delay);
  // Before its first presynaptic spike a synapse has nothing to be potentiated
  // by.
  const int64_t from = part.pre.last == PreTraces<Real>::kNever
                           ? step
                           : std::max(arrival, horizon);
  return {from - dendrite, step - dendrite, std::max(arrival, horizon - 1)};
}

template <class Kernel>
void RuleProjection<Kernel>::SpikeAlong(Shard& own, int shard, int64_t step,
                                        const PreSpike<Real>& spike,
                                        const Part& part) {
  WithLandingOf(spike.unit, [&](const auto& landing) {
    if (clock_) {
      TracedSpikeAt(own, shard, step, spike, part, landing);
    } else {
      SpikeAt(own, shard, step, spike, part, landing);
    }
  });
}

// Of most synapses no spike or one waits, and the unit's packed last spike says
// so; whether it is none or one is chance, so it is no branch: a trace of 0
// changes nothing. What the loop reads is copied first, since the compiler must
// take it that weights might lie where members do.
template <class Kernel>
template <class Landing>
void RuleProjection<Kernel>::SpikeAt(Shard& own, int shard, int64_t step,
                                     const PreSpike<Real>& spike,
                                     const Part& part,
                                     const Landing& landing_of_row) {
  using Newest = typename PostHistory<Kernel>::Newest;
  const Kernel kernel = kernel_;
  const Landing landing = landing_of_row;
  const Waiting waiting = WaitingAt(shard, part, step);
  const int64_t from = waiting.from, to = waiting.to;
  const auto plus = pre_.decay().view();
  const auto minus = own.history.decay().view();
  const PreState<Real> pre = part.pre;
  const int64_t to_pre = DendriteOf(part.delay) - AxonOf(part.delay) - pre.last;
  const Real slow = static_cast<Real>(spike.slow);
  const uint32_t* const offset = own.table.offset.data();
  const uint32_t shift =
      static_cast<uint32_t>((part.delay - 1) * ring_.stride());
  Real* const weight = own.table.weight.data();
  Real* const input = ring_.Slot(is_dendritic_ ? step + part.delay : step);
  const Newest* const newest_of = own.history.newest() - own.units.begin;
  for (uint32_t k = part.begin; k < part.end; ++k) {
    const int64_t unit = offset[k] - shift;
    const Newest newest = newest_of[unit];
    const bool waits = newest.step >= from;
    Real w = weight[k];
    int64_t since = to - newest.step;
    Real q = newest.trace;
    if (waits && (newest.previous >= from || newest.step >= to)) {
      const Spike* const last = NewestBefore(own, unit, to);
      if (last->step >= from) {
        CatchUp<false>({weight, nullptr}, k, part, last, waiting, step,
                       landing);
      }
      w = weight[k];
      since = to - last->step;
      q = last->trace;
    } else {
      const int64_t after = waits ? newest.step + to_pre : 0;
      const Real p = after == 0 ? pre.before : pre.after * plus(after);
      w = landing(0, w, kernel.AtPost(w, waits ? p : Real{0}, newest.slow));
    }
    input[unit] += w;
    weight[k] = landing(0, w, kernel.AtPre(w, q * minus(since), slow));
  }
}

template <class Kernel>
template <class Landing>
void RuleProjection<Kernel>::TracedSpikeAt(Shard& own, int shard, int64_t step,
                                           const PreSpike<Real>& spike,
                                           const Part& part,
                                           const Landing& landing) {
  const Waiting waiting = WaitingAt(shard, part, step);
  const int64_t shift = (part.delay - 1) * ring_.stride();
  Real* const input = ring_.Slot(is_dendritic_ ? step + part.delay : step);
  const Synapses synapses{own.table.weight.data(), own.trace.data()};
  const DecayTable<Real>& decay = own.history.decay();
  const Real gain = static_cast<Real>(clock_->GainAt(step));
  for (uint32_t k = part.begin; k < part.end; ++k) {
    const int64_t unit = own.table.offset[k] - shift;
    const Spike* const newest = NewestBefore(own, unit, waiting.to);
    CatchUp<true>(synapses, k, part, newest, waiting, step, landing);
    const Real w = synapses.weight[k];
    input[unit] += w;
    const Real trace = newest->trace * decay(waiting.to - newest->step);
    const Real change = kernel_.AtPre(w, trace, static_cast<Real>(spike.slow));
    synapses.trace[k] += change;
    synapses.weight[k] = landing(0, w, gain * change);
  }
}

// Lets the rule see the waiting spikes of a synapse, the oldest first, and
// brings its trace and weight up to after step `to`.
template <class Kernel>
template <bool kTraced, class Landing>
void RuleProjection<Kernel>::CatchUp(Synapses synapses, uint32_t k,
                                     const Part& part, const Spike* newest,
                                     const Waiting& waiting, int64_t to,
                                     const Landing& landing) const {
  const int64_t to_pre = DendriteOf(part.delay) - AxonOf(part.delay);
  Real w = synapses.weight[k];
  [[maybe_unused]] Real e = kTraced ? synapses.trace[k] : Real{0};
  [[maybe_unused]] int64_t at = waiting.valid;
  const auto move_to = [&](int64_t step) {
    if constexpr (kTraced) {
      if (step == at) return;
      w = landing(0, w, static_cast<Real>(clock_->G(at, step)) * e);
      e *= static_cast<Real>(clock_->Decay(step - at));
      at = step;
    }
  };
  // Ends within what the unit remembers: Settle sees to it.
  const Spike* oldest = newest;
  while (oldest->step >= waiting.from) ++oldest;
  while (oldest != newest) {
    --oldest;
    const Real p = pre_.TraceAt(part.pre, oldest->step + to_pre);
    Real slow = 0;
    if constexpr (Kernel::kHasSlowTraces) slow = oldest->slow;
    const Real change = kernel_.AtPost(w, p, slow);
    if constexpr (kTraced) {
      const int64_t step = oldest->step + DendriteOf(part.delay);
      move_to(step);
      e += change;
      w = landing(0, w, static_cast<Real>(clock_->GainAt(step)) * change);
    } else {
      w = landing(0, w, change);
    }
  }
  move_to(to);
  synapses.weight[k] = w;
  if constexpr (kTraced) synapses.trace[k] = e;
}

template <class Kernel>
void RuleProjection<Kernel>::Fire(int shard, int64_t step,
                                  std::span<const int32_t> units) {
  Shard& own = shards_[static_cast<size_t>(shard)];
  for (const int32_t unit : units) {
    const int64_t k = unit - own.units.begin;
    own.history.Add(k, step);
    if (own.history.Of(k)[enough_ - 1].step >= horizon_[shard]) {
      is_full_[shard] = 1;
    }
  }
}

template <class Kernel>
void RuleProjection<Kernel>::Settle(int shard, int64_t step) {
  if (is_full_[shard] == 0 && clock_state_[1] != step) return;
  Shard& own = shards_[static_cast<size_t>(shard)];
  SettleInto(own, shard, {own.table.weight.data(), own.trace.data()}, step);
  horizon_[shard] = step;
  is_full_[shard] = 0;
}

template <class Kernel>
void RuleProjection<Kernel>::SettleInto(const Shard& own, int shard,
                                        Synapses synapses, int64_t step) const {
  std::vector<PreState<Real>> states;
  for (int64_t delay = delay_.lowest; delay <= delay_.highest; ++delay) {
    // Where the dendrite delays, all synapses have seen the same spikes.
    if (states.empty() || !is_dendritic_) {
      pre_.StatesBefore(step - AxonOf(delay), states);
    }
    for (int64_t row = 0; row < own.table.rows(); ++row) {
      const PreState<Real>& pre = states[static_cast<size_t>(row)];
      if (pre.last == PreTraces<Real>::kNever) continue;
      ForParts(own.table, row, [&](uint32_t begin, uint32_t end, int64_t d) {
        if (d != delay) return;
        const Part part{begin, end, d, pre};
        const Waiting waiting = WaitingAt(shard, part, step);
        WithLandingOf(row, [&](const auto& landing) {
          for (uint32_t k = begin; k < end; ++k) {
            const int64_t unit = own.table.offset[k] - (d - 1) * ring_.stride();
            const Spike* const newest = NewestBefore(own, unit, waiting.to);
            if (clock_) {
              CatchUp<true>(synapses, k, part, newest, waiting, step - 1,
                            landing);
            } else if (newest->step >= waiting.from) {
              CatchUp<false>(synapses, k, part, newest, waiting, step - 1,
                             landing);
            }
          }
        });
      });
    }
  }
}

template <class Kernel>
void RuleProjection<Kernel>::ForSynapses(
    int64_t step,
    const typename PlasticProjection<Real>::SynapseVisit& visit) const {
  for (size_t s = 0; s < shards_.size(); ++s) {
    const Shard& own = shards_[s];
    Array<Real> weight = own.table.weight, trace = own.trace;
    SettleInto(own, static_cast<int>(s), {weight.data(), trace.data()}, step);
    for (int64_t row = 0; row < own.table.rows(); ++row) {
      ForParts(own.table, row, [&](uint32_t begin, uint32_t end, int64_t d) {
        for (uint32_t k = begin; k < end; ++k) {
          const int64_t unit = own.table.offset[k] - (d - 1) * ring_.stride();
          visit(static_cast<int32_t>(this->piece_.from.begin + row),
                static_cast<int32_t>(unit), d, weight[k]);
        }
      });
    }
  }
}

namespace {

// A vector whose elements are bytes to a visitor; its size may change.
template <class T>
StateArray BytesOf(std::vector<T>& values) {
  static_assert(std::is_trivially_copyable_v<T>);
  const auto bytes = [&values] {
    return std::as_writable_bytes(std::span(values));
  };
  return {.type = ElementType::kUint8,
          .order = ArrayOrder::kColumnMajor,
          .shape = {static_cast<int64_t>(bytes().size())},
          .unit = "1",
          .bytes = bytes(),
          .resize = [&values, bytes](std::span<const int64_t> shape) {
            values.resize(static_cast<size_t>(shape[0]) / sizeof(T));
            return bytes();
          }};
}

StateArray BytesOf(std::span<std::byte> bytes) {
  return {.type = ElementType::kUint8,
          .order = ArrayOrder::kColumnMajor,
          .shape = {static_cast<int64_t>(bytes.size())},
          .unit = "1",
          .bytes = bytes,
          .resize = {}};
}

}  // namespace

template <class Kernel>
void RuleProjection<Kernel>::VisitState(absl::string_view prefix,
                                        StateVisitor& v) {
  for (size_t s = 0; s < shards_.size(); ++s) {
    Shard& own = shards_[s];
    const std::string at = absl::StrCat(prefix, ".", s);
    v.State(at + ".weights", StateOf(own.table.weight, "1"));
    v.State(at + ".post_spikes", BytesOf(own.history.bytes()));
    if (clock_) v.State(at + ".eligibility", StateOf(own.trace, "1"));
  }
  v.State(absl::StrCat(prefix, ".pre_states"), BytesOf(pre_.states()));
  v.State(absl::StrCat(prefix, ".pre_spikes"), BytesOf(pre_.spikes()));
  v.State(absl::StrCat(prefix, ".pre_steps"), BytesOf(pre_.begins()));
  v.State(absl::StrCat(prefix, ".first_step"), StateOf(pre_.first(), "1"));
  v.State(absl::StrCat(prefix, ".horizon"), StateOf(horizon_, "1"));
  v.State(absl::StrCat(prefix, ".is_full"), StateOf(is_full_, "1"));
  if (clock_) VisitClock(prefix, v);
  VisitSynapses(prefix, v);
}

// Synapse by synapse, all in one order: what the weights are now, and whose.
template <class Kernel>
void RuleProjection<Kernel>::VisitSynapses(absl::string_view prefix,
                                           StateVisitor& v) {
  const auto view = [&](const char* name, const char* unit, auto zero,
                        auto value_of) {
    using T = decltype(zero);
    v.View(absl::StrCat(prefix, ".", name), ElementTypeOf<T>(),
           ArrayOrder::kColumnMajor, {synapses()}, unit,
           [this, value_of](std::span<std::byte> out) {
             T* next = reinterpret_cast<T*>(out.data());
             // All spikes of the steps before this one are known.
             ForSynapses(pre_.end_step(), [&](int32_t pre, int32_t post,
                                              int64_t delay, Real weight) {
               *next++ = static_cast<T>(value_of(pre, post, delay, weight));
             });
           });
  };
  view("synapse_pre", "1", int32_t{0},
       [](auto pre, auto, auto, auto) { return pre; });
  view("synapse_post", "1", int32_t{0},
       [](auto, auto post, auto, auto) { return post; });
  view("synapse_delay", "1", int32_t{0},
       [](auto, auto, auto delay, auto) { return delay; });
  view("synapse_weight", "1", Real{0},
       [](auto, auto, auto, auto weight) { return weight; });
}

template <class Kernel>
void RuleProjection<Kernel>::VisitClock(absl::string_view prefix,
                                        StateVisitor& v) {
  std::vector<double>& modulator = clock_->modulator();
  v.State(absl::StrCat(prefix, ".clock"), StateOf(clock_state_, "1"));
  v.State(absl::StrCat(prefix, ".modulator"), BytesOf(modulator));
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
