#include "core/spiking/plasticity/voltage_projection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"
#include "core/rules/bounds.h"
#include "core/spiking/plasticity/row_parts.h"
#include "core/spiking/plasticity/state_bytes.h"

namespace engram {
namespace {

const Component& RuleOf(const ProjectionPiece& piece) {
  return piece.plan->component->Slot("rule");
}

}  // namespace

template <class Real>
VoltageProjection<Real>::VoltageProjection(const ProjectionPiece& piece,
                                           InputRing<Real>& ring,
                                           const Real* potentials,
                                           Parallel& parallel)
    : PlasticProjection<Real>(piece),
      ring_(ring),
      potentials_(potentials),
      delay_(piece.plan->delay),
      terms_(RuleOf(piece), piece.dt),
      limits_(LimitsOf<Real>(RuleOf(piece), RuleShapeOf(piece))),
      keep_pre_(static_cast<Real>(
          math::Exp(-piece.dt / RuleOf(piece).Real("tau_x")))),
      pre_(piece.from.units(), {.plus = RuleOf(piece).Real("tau_x")}, piece.dt),
      trace_pre_(piece.from.units(), delay_.highest + 1),
      clock_state_(2) {
  ENGRAM_EXPECT(potentials != nullptr);
  clock_state_[0] = clock_state_[1] = -1;
  if (const Component* eligibility = RuleOf(piece).Find("eligibility")) {
    clock_.emplace(eligibility->Real("tau"), piece.dt);
  }
  std::vector<SynapseTable<Real>> tables =
      BuildTables<Real>(piece, true, parallel);
  for (int s = 0; s < piece.shards; ++s) {
    const ShardUnits units = UnitsOfShard(piece.target_units, piece.shards, s);
    const int64_t count = units.end - units.begin;
    VoltageTable<Real> table(std::move(tables[static_cast<size_t>(s)]), units,
                             delay_, ring.stride());
    const int64_t traced = clock_ ? table.by_source.synapses() : 0;
    Shard& own = shards_.emplace_back(
        Shard{std::move(table), units, Array<Real>(count, terms_.columns),
              Array<Real>(count, terms_.columns), Array<Real>(count),
              Array<Real>(count), Array<Real>(traced), Array<int32_t>(traced)});
    if (count > 0) {
      own.minus.Fill(terms_.theta_minus);
      own.plus.Fill(terms_.theta_minus);
    }
    if (traced > 0) own.trace_step.Fill(-1);
  }
}

template <class Real>
int64_t VoltageProjection<Real>::synapses() const {
  int64_t all = 0;
  for (const Shard& shard : shards_) all += shard.table.by_source.synapses();
  return all;
}

template <class Real>
void VoltageProjection<Real>::AddSpikes(int64_t step,
                                        std::span<const int32_t> units) {
  pre_.Add(step, units, this->piece_.from.begin);
  const int64_t rows = trace_pre_.rows(), columns = trace_pre_.cols();
  const Real* const before = trace_pre_.data() + step % columns * rows;
  Real* const __restrict after =
      trace_pre_.data() + (step + 1) % columns * rows;
  for (int64_t j = 0; j < rows; ++j) after[j] = keep_pre_ * before[j];
  for (const PreSpike<Real>& spike : pre_.At(step)) {
    after[spike.unit] = keep_pre_ * (before[spike.unit] + 1);
  }
}

template <class Real>
void VoltageProjection<Real>::AddModulator(int64_t step,
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

template <class Real>
void VoltageProjection<Real>::Arrive(int shard, int64_t step) {
  Shard& own = shards_[static_cast<size_t>(shard)];
  bool has_depression = false;
  for (int64_t delay = delay_.lowest; delay <= delay_.highest; ++delay) {
    for (const PreSpike<Real>& spike : pre_.At(step - delay)) {
      const SynapseRange part =
          PartOfRow(own.table.by_source, spike.unit, delay, ring_.stride());
      if (part.begin == part.end) continue;
      if (!has_depression) {
        has_depression = true;
        const int64_t units = own.minus.rows();
        const Real* const minus = own.minus.data() + Oldest(step) * units;
        for (int64_t i = 0; i < units; ++i) {
          own.depression[i] = terms_.Depression(minus[i]);
        }
      }
      ArriveAlong(own, step, spike.unit, part.begin, part.end, delay);
    }
  }
}

template <class Real>
template <class Landing>
void VoltageProjection<Real>::ChangeTraced(Shard& own, uint32_t at,
                                           int64_t step, Real change,
                                           const Landing& landing) const {
  TracedSynapse<Real, Landing> synapse{*clock_, landing, own.table.weight[at],
                                       own.trace[at], own.trace_step[at]};
  synapse.MoveTo(step);
  synapse.Change(change);
  own.table.weight[at] = synapse.weight;
  own.trace[at] = synapse.trace;
  own.trace_step[at] = static_cast<int32_t>(step);
}

// Weights lie apart: they are sent for ahead.
template <class Real>
void VoltageProjection<Real>::ArriveAlong(Shard& own, int64_t step, int64_t row,
                                          uint32_t begin, uint32_t end,
                                          int64_t delay) {
  constexpr uint32_t kAhead = 16;
  const uint32_t* const offset = own.table.by_source.offset.data();
  const uint32_t* const place = own.table.place.data();
  const uint32_t first =
      static_cast<uint32_t>((delay - 1) * ring_.stride() + own.units.begin);
  Real* const input = ring_.Slot(step) + own.units.begin;
  Real* const weight = own.table.weight.data();
  WithLanding(limits_, [&](const auto& landing_of) {
    const auto landing = landing_of(row);
    for (uint32_t k = begin; k < end; ++k) {
      __builtin_prefetch(weight + place[std::min(k + kAhead, end - 1)], 1);
      const uint32_t target = offset[k] - first, at = place[k];
      const Real change = -own.depression[target];
      if (clock_) {
        ChangeTraced(own, at, step, Real{0}, landing);
        input[target] += weight[at];
        ChangeTraced(own, at, step, change, landing);
      } else {
        input[target] += weight[at];
        weight[at] = landing(0, weight[at], change);
      }
    }
  });
}

template <class Real>
void VoltageProjection<Real>::SeePotentials(int shard, int64_t step) {
  Shard& own = shards_[static_cast<size_t>(shard)];
  const int64_t units = own.minus.rows();
  if (units == 0) return;
  const Real* const u = potentials_ + own.units.begin;
  const Real* const plus = own.plus.data() + Oldest(step) * units;
  Real* const __restrict potentiation = own.potentiation.data();
  for (int64_t i = 0; i < units; ++i) {
    potentiation[i] = terms_.Potentiation(u[i], plus[i]);
  }
  for (int64_t i = 0; i < units; ++i) {
    if (potentiation[i] > 0) Potentiate(own, step, i);
  }
  Filter(own, step);
}

template <class Real>
void VoltageProjection<Real>::Potentiate(Shard& own, int64_t step,
                                         int64_t target) {
  const Real gain = own.potentiation[target];
  const uint32_t* const source = own.table.source.data();
  Real* const weight = own.table.weight.data();
  own.table.ForParts(target, [&](uint32_t begin, uint32_t end, int64_t delay) {
    const uint32_t first = source[begin] / own.table.rows() * own.table.rows();
    const Real* const trace = TracesAt(step - delay);
    WithLanding(limits_, [&](const auto& landing_of) {
      const auto visit = [&](const auto& landing_at) {
        for (uint32_t k = begin; k < end; ++k) {
          const uint32_t row = source[k] - first;
          const auto landing = landing_at(row);
          if (clock_) {
            ChangeTraced(own, k, step, trace[row] * gain, landing);
          } else {
            weight[k] = landing(0, weight[k], trace[row] * gain);
          }
        }
      };
      if (limits_.has_signs) {
        visit(landing_of);
      } else {
        const auto same = landing_of(0);
        visit([&](int64_t) { return same; });
      }
    });
  });
}

template <class Real>
void VoltageProjection<Real>::Filter(Shard& own, int64_t step) const {
  const int64_t units = own.minus.rows();
  const Real* const u = potentials_ + own.units.begin;
  const int64_t from = Newest(step) * units, to = Newest(step + 1) * units;
  const auto filter = [&](Real keep, Array<Real>& columns) {
    const Real* const before = columns.data() + from;
    Real* const after = columns.data() + to;
    for (int64_t i = 0; i < units; ++i) {
      after[i] = VoltageTerms<Real>::Filtered(keep, u[i], before[i]);
    }
  };
  filter(terms_.keep_minus, own.minus);
  filter(terms_.keep_plus, own.plus);
}

// Every trace is brought up to before `step`, so that the clock can move on.
template <class Real>
void VoltageProjection<Real>::Settle(int shard, int64_t step) {
  if (clock_state_[1] != step) return;
  Shard& own = shards_[static_cast<size_t>(shard)];
  for (uint32_t k = 0; k < own.trace.size(); ++k) {
    WithLanding(limits_, [&](const auto& landing_of) {
      ChangeTraced(own, k, step - 1, Real{0},
                   landing_of(RowOf(own.table.source[k], own.table)));
    });
  }
}

template <class Real>
Real VoltageProjection<Real>::WeightAt(const Shard& own, uint32_t at,
                                       int64_t row, int64_t step) const {
  Real weight = own.table.weight[at];
  if (!clock_) return weight;
  WithLanding(limits_, [&](const auto& landing_of) {
    const auto landing = landing_of(row);
    TracedSynapse<Real, decltype(landing)> synapse{
        *clock_, landing, weight, own.trace[at], own.trace_step[at]};
    synapse.MoveTo(step - 1);
    weight = synapse.weight;
  });
  return weight;
}

template <class Real>
void VoltageProjection<Real>::VisitRow(int64_t row, int64_t step,
                                       const Visit& visit) const {
  const auto pre = static_cast<int32_t>(this->piece_.from.begin + row);
  for (const Shard& own : shards_) {
    const SynapseTable<Real>& table = own.table.by_source;
    ForParts(table, row, delay_, ring_.stride(),
             [&](uint32_t begin, uint32_t end, int64_t delay) {
               for (uint32_t k = begin; k < end; ++k) {
                 const int64_t unit =
                     table.offset[k] - (delay - 1) * ring_.stride();
                 visit(pre, static_cast<int32_t>(unit), delay,
                       WeightAt(own, own.table.place[k], row, step));
               }
             });
  }
}

template <class Real>
void VoltageProjection<Real>::ForSynapses(int64_t step,
                                          const Visit& visit) const {
  for (int64_t row = 0; row < this->piece_.from.units(); ++row) {
    VisitRow(row, step, visit);
  }
}

template <class Real>
void VoltageProjection<Real>::ForSynapsesOf(int32_t pre, int64_t step,
                                            const Visit& visit) const {
  VisitRow(pre - this->piece_.from.begin, step, visit);
}

template <class Real>
void VoltageProjection<Real>::VisitState(absl::string_view prefix,
                                         StateVisitor& v) {
  const auto path = [&](const auto&... names) {
    return absl::StrCat(prefix, ".", names...);
  };
  for (size_t s = 0; s < shards_.size(); ++s) {
    Shard& own = shards_[s];
    v.State(path(s, ".weights"), StateOf(own.table.weight, "1"));
    v.State(path(s, ".u_minus"), StateOf(own.minus, "mV"));
    v.State(path(s, ".u_plus"), StateOf(own.plus, "mV"));
    if (!clock_) continue;
    v.State(path(s, ".eligibility"), StateOf(own.trace, "1"));
    v.State(path(s, ".eligibility_step"), StateOf(own.trace_step, "1"));
  }
  v.State(path("pre_states"), BytesOf(pre_.states()));
  v.State(path("pre_spikes"), BytesOf(pre_.spikes()));
  v.State(path("pre_steps"), BytesOf(pre_.begins()));
  v.State(path("first_step"), StateOf(pre_.first(), "1"));
  v.State(path("trace_pre"), StateOf(trace_pre_, "1"));
  if (clock_) {
    v.State(path("clock"), StateOf(clock_state_, "1"));
    v.State(path("modulator"), BytesOf(clock_->modulator()));
  }
  this->VisitSynapses(prefix, v);
}

template class VoltageProjection<float>;
template class VoltageProjection<double>;

}  // namespace engram
