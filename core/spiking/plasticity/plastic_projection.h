#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "absl/strings/string_view.h"
#include "core/base/parallel.h"
#include "core/programs/state_visitor.h"
#include "core/rules/rule.h"
#include "core/spiking/input_ring.h"
#include "core/spiking/synapse_table.h"

namespace engram {

// Synapses whose weights a rule changes. A rule that reads potentials looks at
// all that are concerned in every step (VoltageProjection). Others
// (RuleProjection) change weights at spikes alone: nothing happens to a synapse
// at a postsynaptic spike: its units remember it, and the synapse's next
// presynaptic spike, which reads the synapse anyway, lets the rule see all that
// came since, one after the other. So memory is walked along rows only.
//
// A delay is the axon's (a presynaptic spike reaches the synapse after it, a
// postsynaptic one at once) or the dendrite's (the other way round); the input
// arrives after it in both. At a synapse that both spikes reach in one step the
// presynaptic comes first, and each reads the other's trace as it was before
// the step. A spike brings the weight that it finds, before its own change.
//
// With an eligibility trace the rule's changes go to the trace e; in every step
// e decays first, then the weight takes up dt M e; bounds are looked at at the
// synapse's spikes.
//
// Source of the delayed update: Morrison, Aertsen, Diesmann (2007),
// doi:10.1162/neco.2007.19.6.1437.
template <class Real>
class PlasticProjection {
 public:
  explicit PlasticProjection(const ProjectionPiece& piece) : piece_(piece) {}
  virtual ~PlasticProjection() = default;

  const ProjectionPiece& piece() const { return piece_; }
  virtual int64_t synapses() const = 0;
  // All presynaptic spikes of the steps before this one are known.
  virtual int64_t end_step() const = 0;

  // In one thread, between stretches: the presynaptic population's spikes of
  // the next step.
  virtual void AddSpikes(int64_t step, std::span<const int32_t> units) = 0;
  // Drops what all shards have seen, at the beginning of step `step`.
  virtual void Forget(int64_t step) = 0;
  // Values of the modulator for a stretch from `step` on, for those with a
  // third factor. All shards call Settle at `step`.
  virtual void AddModulator(int64_t step, std::span<const double> values) = 0;

  // Of different shards from several threads at once:
  // spikes of step `step` set out (where delays are the dendrite's);
  virtual void Deliver(int shard, int64_t step) = 0;
  // spikes arrive at step `step` (where delays are the axon's);
  virtual void Arrive(int shard, int64_t step) = 0;
  // units of the shard fire;
  virtual void Fire(int shard, int64_t step,
                    std::span<const int32_t> units) = 0;
  // the potentials of the shard's units after step `step`, with all that
  // arrives in it, where ReadsPotentials;
  virtual void SeePotentials(int /*shard*/, int64_t /*step*/) {}
  // the rule sees all spikes that reached the synapses before `step`, where
  // more than units remember are about to wait.
  virtual void Settle(int shard, int64_t step) = 0;

  // Calls visit(pre, post, delay, weight) for every synapse, with the weight as
  // it is at `step`, all spikes before it seen; changes nothing.
  using SynapseVisit = std::function<void(int32_t pre, int32_t post,
                                          int64_t delay, Real weight)>;
  virtual void ForSynapses(int64_t step, const SynapseVisit& visit) const = 0;

  // The same for the synapses of one presynaptic unit alone.
  virtual void ForSynapsesOf(int32_t pre, int64_t step,
                             const SynapseVisit& visit) const = 0;

  virtual bool ReadsPotentials() const { return false; }

  // Names the arrays of ArraysOfPlasticProjection under `prefix`.
  virtual void VisitState(absl::string_view prefix, StateVisitor& v) = 0;
  // After a visitor that restores.
  virtual void FollowRestored() = 0;

 protected:
  // Names what the weights are now, synapse by synapse, and whose, all in one
  // order.
  void VisitSynapses(absl::string_view prefix, StateVisitor& v) const;

  ProjectionPiece piece_;
};

// Of a piece whose plan has a rule. `stretch` is the network's shortest delay;
// `potentials`, of all units of the target population, are for a rule that
// reads them, else null.
template <class Real>
std::unique_ptr<PlasticProjection<Real>> MakePlasticProjection(
    const ProjectionPiece& piece, InputRing<Real>& ring, int64_t stretch,
    const Real* potentials, Parallel& parallel);

RuleShape RuleShapeOf(const ProjectionPiece& piece);

// Arrays of a piece's state, as VisitState names them behind its prefix.
std::vector<std::string> ArraysOfPlasticProjection(const Component& synapses,
                                                   int shards);

// Why synapses with this rule cannot be, with what to do; empty where they can.
std::string FaultOfPlasticity(const Component& synapses);

extern template std::unique_ptr<PlasticProjection<float>> MakePlasticProjection(
    const ProjectionPiece&, InputRing<float>&, int64_t, const float*,
    Parallel&);
extern template std::unique_ptr<PlasticProjection<double>>
MakePlasticProjection(const ProjectionPiece&, InputRing<double>&, int64_t,
                      const double*, Parallel&);
extern template class PlasticProjection<float>;
extern template class PlasticProjection<double>;

}  // namespace engram
