#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/programs/state_array.h"
#include "core/rules/bounds.h"
#include "core/rules/limits.h"
#include "core/spiking/plasticity/eligibility_clock.h"
#include "core/spiking/plasticity/plastic_projection.h"
#include "core/spiking/plasticity/post_history.h"
#include "core/spiking/plasticity/pre_traces.h"
#include "core/spiking/plasticity/row_parts.h"
#include "core/spiking/plasticity/row_spike.h"
#include "core/spiking/plasticity/waiting_spikes.h"

namespace engram {

// A plastic projection with the rule of Kernel.
template <class Kernel>
class RuleProjection final : public PlasticProjection<typename Kernel::Real> {
 public:
  using Real = typename Kernel::Real;

  RuleProjection(const ProjectionPiece& piece, InputRing<Real>& ring,
                 int64_t stretch, Parallel& parallel);

  int64_t synapses() const override;
  int64_t end_step() const override { return pre_.end_step(); }
  void AddSpikes(int64_t step, std::span<const int32_t> units) override {
    pre_.Add(step, units, this->piece_.from.begin);
  }
  void Forget(int64_t step) override {
    pre_.Forget(is_dendritic_ ? step : step - delay_.highest);
  }
  void AddModulator(int64_t step, std::span<const double> values) override;
  void Deliver(int shard, int64_t step) override;
  void Arrive(int shard, int64_t step) override;
  void Fire(int shard, int64_t step, std::span<const int32_t> units) override;
  void Settle(int shard, int64_t step) override;
  void ForSynapses(int64_t step,
                   const typename PlasticProjection<Real>::SynapseVisit& visit)
      const override;
  void ForSynapsesOf(int32_t pre, int64_t step,
                     const typename PlasticProjection<Real>::SynapseVisit&
                         visit) const override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;
  void FollowRestored() override {
    if (clock_) clock_->Restore(clock_state_[0]);
    for (Shard& shard : shards_) shard.recent.Forget();
  }

 private:
  using Recent = RecentSpikes<Kernel>;
  using Spike = typename PostHistory<Kernel>::Spike;

  struct Shard {
    SynapseTable<Real> table;
    Array<Real> trace;  // e of each synapse, or empty
    PostHistory<Kernel> history;
    RecentSpikes<Kernel> recent;
    ShardUnits units;
  };
  // Weights and traces that are brought up to date: a shard's, or a copy, of
  // the synapses from `first` on.
  struct Synapses {
    Real* weights;
    Real* traces;
    uint32_t first = 0;

    Real& weight(uint32_t k) const { return weights[k - first]; }
    Real& trace(uint32_t k) const { return traces[k - first]; }
  };
  struct Rows {
    int64_t begin, end;
  };
  // Synapses [begin, end) of a row, of one delay, and what they wait for.
  struct Part {
    uint32_t begin, end;
    int64_t delay;
    PreState<Real> pre;
  };
  // Postsynaptic spikes that the rule has yet to see: those of steps
  // [from, to), in the unit's own time. The synapse is as of after `valid`.
  struct Waiting {
    int64_t from, to, valid;
  };

  int64_t AxonOf(int64_t delay) const { return is_dendritic_ ? 0 : delay; }
  int64_t DendriteOf(int64_t delay) const { return is_dendritic_ ? delay : 0; }
  // Before the synapses' step `step`.
  Waiting WaitingAt(int shard, const Part& part, int64_t step) const;

  void ArriveWhole(Shard& own, int shard, int64_t step);
  template <class Work>
  void WithLandingOf(int64_t row, Work work) const {
    WithLanding(limits_,
                [&](const auto& landing_of) { work(landing_of(row)); });
  }
  void SpikeAlong(Shard& own, int shard, int64_t step,
                  const PreSpike<Real>& spike, const Part& part);
  RowSpike<Real> RowSpikeOf(Recent& recent, const PreSpike<Real>& spike,
                            const Part& part, const Waiting& waiting) const;
  template <class Form, class Landing>
  void SpikeAt(Shard& own, int shard, int64_t step, const PreSpike<Real>& spike,
               const Part& part, const Form& form, const Landing& landing);
  static bool AsksOn(const RowSpike<Real>& seen,
                     const typename Recent::Near& near,
                     const typename Recent::Far& far) {
    return near.since[0] <= seen.to || far.since[Recent::kFar - 1] <= seen.from;
  }
  template <class Form, class Landing>
  Real Answer(const Shard& own, int64_t unit, const Waiting& waiting,
              const Part& part, const RowSpike<Real>& seen, const Form& form,
              const Landing& landing, Real w, typename Recent::Near& near,
              typename Recent::Far& far) const;
  template <class Landing>
  void SingleSpikeAt(Shard& own, int shard, int64_t step,
                     const PreSpike<Real>& spike, const Part& part,
                     const Landing& landing);
  template <class Landing>
  void TracedSpikeAt(Shard& own, int shard, int64_t step,
                     const PreSpike<Real>& spike, const Part& part,
                     const Landing& landing);
  // Lets the rule see the waiting spikes of a synapse, and brings its trace and
  // weight up to after step `to`.
  template <class Landing>
  void CatchUp(Synapses synapses, uint32_t k, const Part& part,
               const Spike* newest, const Waiting& waiting, int64_t to,
               const Landing& landing) const {
    TracedSynapse<Real, Landing> synapse{*clock_, landing, synapses.weight(k),
                                         synapses.trace(k), waiting.valid};
    ForWaiting(newest, waiting.from, [&](const Spike& spike) {
      synapse.MoveTo(spike.step + DendriteOf(part.delay));
      synapse.Change(kernel_.AtPost(synapse.weight, TraceAt(part, spike),
                                    SlowOf<Kernel>(spike)));
    });
    synapse.MoveTo(to);
    synapses.weight(k) = synapse.weight;
    synapses.trace(k) = synapse.trace;
  }
  // The presynaptic trace at a postsynaptic spike.
  Real TraceAt(const Part& part, const Spike& spike) const {
    return pre_.TraceAt(
        part.pre, spike.step + DendriteOf(part.delay) - AxonOf(part.delay));
  }
  // From a synapse's offset to its unit.
  uint32_t ShiftOf(const Part& part) const {
    return static_cast<uint32_t>((part.delay - 1) * ring_.stride());
  }
  Real* InputAt(int64_t step, const Part& part) {
    return ring_.Slot(is_dendritic_ ? step + part.delay : step);
  }
  void VisitClock(absl::string_view prefix, StateVisitor& v);
  int64_t SilentSince(const Shard& own, int64_t step) const;
  // Of rows without a spike from `since` on.
  void SettleInto(const Shard& own, int shard, Synapses synapses, int64_t step,
                  int64_t since, Rows rows) const;
  void VisitRows(
      int64_t step, Rows rows,
      const typename PlasticProjection<Real>::SynapseVisit& visit) const;
  template <class Visit>
  void VisitParts(const SynapseTable<Real>& table, int64_t row,
                  Visit visit) const {
    ForParts(table, row, delay_, ring_.stride(), visit);
  }
  const Spike* NewestBefore(const Shard& own, int64_t unit,
                            int64_t step) const {
    const Spike* spike = own.history.Of(unit - own.units.begin);
    if (is_dendritic_) {
      // Ends at the latest at one that all synapses have seen.
      while (spike->step >= step) ++spike;
    }
    return spike;
  }

  InputRing<Real>& ring_;
  const bool is_dendritic_;
  const DelayRange delay_;
  const Kernel kernel_;
  const TraceTimes times_;
  const Limits<Real> limits_;
  PreTraces<Real> pre_;
  std::optional<EligibilityClock> clock_;
  int64_t enough_ = 0;  // spikes of one unit that may wait
  std::vector<Shard> shards_;
  // (2, shards): rows without a spike since the first of these steps have seen
  // all before the second.
  Array<int64_t> horizon_;
  static constexpr int64_t kSilentSince = 0, kSettledUntil = 1;
  Array<uint8_t> is_full_;  // (shards): a unit has so many that wait
  // The clock's base, and the step at which all traces are brought up to date
  // before it moves on; -1: none.
  Array<int64_t> clock_state_;
};

}  // namespace engram
