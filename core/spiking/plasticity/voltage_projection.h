#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/rules/limits.h"
#include "core/rules/voltage_terms.h"
#include "core/spiking/plasticity/eligibility_clock.h"
#include "core/spiking/plasticity/plastic_projection.h"
#include "core/spiking/plasticity/pre_traces.h"
#include "core/spiking/plasticity/voltage_table.h"
#include "core/spiking/plasticity/waiting_spikes.h"

namespace engram {

// Synapses with the rule StdpVoltage, which reads the potential of their unit
// as it is after each step, with all that arrives in it. A presynaptic spike
// reaches a synapse after the delay, brings the weight that it finds, and then
// depresses it. Potentiation follows in the same step: of all synapses onto a
// unit whose potential is above theta_plus, by the presynaptic trace before
// that step's spikes.
//
// Few units are depolarised at a time, but for many steps: a unit's weights are
// walked in a row, and a spike looks for those of its row one by one
// (VoltageTable). A trace of each presynaptic unit is kept for as many steps as
// the longest delay has: a synapse sees it as it was when the spikes that reach
// it set out.
//
// With an eligibility trace changes go to the trace; a synapse is brought up to
// its step where it is looked at.
template <class Real>
class VoltageProjection final : public PlasticProjection<Real> {
 public:
  VoltageProjection(const ProjectionPiece& piece, InputRing<Real>& ring,
                    const Real* potentials, Parallel& parallel);

  int64_t synapses() const override;
  int64_t end_step() const override { return pre_.end_step(); }
  bool ReadsPotentials() const override { return true; }
  void AddSpikes(int64_t step, std::span<const int32_t> units) override;
  void Forget(int64_t step) override { pre_.Forget(step - delay_.highest); }
  void AddModulator(int64_t step, std::span<const double> values) override;
  // Delays are the axon's.
  void Deliver(int, int64_t) override {}
  void Arrive(int shard, int64_t step) override;
  // What counts of a unit is its potential.
  void Fire(int, int64_t, std::span<const int32_t>) override {}
  void SeePotentials(int shard, int64_t step) override;
  void Settle(int shard, int64_t step) override;
  using Visit = typename PlasticProjection<Real>::SynapseVisit;
  void ForSynapses(int64_t step, const Visit& visit) const override;
  void ForSynapsesOf(int32_t pre, int64_t step,
                     const Visit& visit) const override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;
  void FollowRestored() override {
    if (clock_) clock_->Restore(clock_state_[0]);
  }

 private:
  struct Shard {
    VoltageTable<Real> table;
    ShardUnits units;
    // Potentials filtered, as they were before each of the last steps, used in
    // turn.
    Array<Real> minus, plus;    // (units, columns) [mV]
    Array<Real> depression;     // (units) scratch, of a step
    Array<Real> potentiation;   // (units) scratch, of a step
    Array<Real> trace;          // e of each weight, or empty
    Array<int32_t> trace_step;  // after which weight and trace are as they are
  };

  // The column of filtered potentials of `delay` ago, and where those before
  // `step` are.
  int64_t Oldest(int64_t step) const { return (step + 1) % terms_.columns; }
  int64_t Newest(int64_t step) const { return step % terms_.columns; }
  // Presynaptic traces before the spikes of a step, 0 before the first.
  const Real* TracesAt(int64_t step) const {
    return trace_pre_.data() +
           (step + trace_pre_.cols()) % trace_pre_.cols() * trace_pre_.rows();
  }
  int64_t RowOf(uint32_t source, const VoltageTable<Real>& table) const {
    return source % table.rows();
  }
  void ArriveAlong(Shard& own, int64_t step, int64_t row, uint32_t begin,
                   uint32_t end, int64_t delay);
  void Potentiate(Shard& own, int64_t step, int64_t target);
  void Filter(Shard& own, int64_t step) const;
  template <class Landing>
  void ChangeTraced(Shard& own, uint32_t at, int64_t step, Real change,
                    const Landing& landing) const;
  Real WeightAt(const Shard& own, uint32_t at, int64_t row, int64_t step) const;
  void VisitRow(int64_t row, int64_t step, const Visit& visit) const;

  InputRing<Real>& ring_;
  const Real* const potentials_;  // (units of the target population) [mV]
  const DelayRange delay_;
  const VoltageTerms<Real> terms_;
  const Limits<Real> limits_;
  const Real keep_pre_;  // of presynaptic traces over a step [1]
  PreTraces<Real> pre_;  // for its spikes that are on their way
  std::optional<EligibilityClock> clock_;
  std::vector<Shard> shards_;
  Array<Real> trace_pre_;  // (presynaptic units, longest delay + 1) [1]
  // The clock's base, and the step at which all traces are brought up to date
  // before it moves on; -1: none.
  Array<int64_t> clock_state_;
};

extern template class VoltageProjection<float>;
extern template class VoltageProjection<double>;

}  // namespace engram
