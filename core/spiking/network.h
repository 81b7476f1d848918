#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/parallel.h"
#include "core/programs/state_visitor.h"
#include "core/spiking/network_parts.h"
#include "core/spiking/network_plan.h"
#include "core/spiking/spike_log.h"
#include "core/spiking/spikes_underway.h"

namespace engram {

// A network of spiking populations as its plan says, in precision Real.
//
// Units of every population are cut into shards by the network's shape. A shard
// is one thread's at a time: it holds its units' state, the input that will
// reach them, and the synapses onto them, so shards touch nothing of each other
// but read the spikes of all. They meet once in the shortest delay:
//
//   in parallel, a shard   deliver the spikes of the last stretch to the rings
//                          advance own units by a stretch of min_delay steps,
//                          after each adding what arrives without a ring
//   then, in one thread    spikes of all shards are put in order of step, unit
//
// What is summed in which order depends on the shape alone; so do all bits.
template <class Real>
class SpikingNetwork {
 public:
  // `plan` and the tree that it points into outlive the network.
  SpikingNetwork(const NetworkPlan& plan, uint64_t seed, Parallel& parallel);

  // Steps done.
  int64_t step() const { return step_[0]; }
  // Spikes before the present step are all on their way when it returns.
  void Advance(int64_t steps);
  // Of a population, at least those of the steps of the last Advance.
  const SpikeLog& spikes(int population) const {
    return logs_[static_cast<size_t>(population)];
  }

  int64_t synapses() const;
  const std::vector<Projection<Real>>& projections() const {
    return parts_.projections;
  }
  // Synapses that a rule changes.
  const std::vector<std::unique_ptr<PlasticProjection<Real>>>& plastic() const {
    return parts_.plastic;
  }
  NeuronPopulation<Real>& population(int number) {
    return *parts_.populations[static_cast<size_t>(number)];
  }

  // Names the arrays that ArraysOfNetwork lists.
  void VisitState(StateVisitor& v);
  // Arrays of one population's model alone, under its name.
  void VisitPopulation(int number, StateVisitor& v);

 private:
  // What one shard writes while it advances.
  struct Shard {
    // Of each population: its spikes in this stretch, step after step, and the
    // end of each step.
    std::vector<std::vector<int32_t>> spikes;
    std::vector<std::vector<int64_t>> ends;
    std::vector<int64_t> used;
    std::vector<const Real*> inputs;
  };

  void Stretch(int64_t steps);
  void Deliver(int shard, int64_t from, int64_t to);
  void AdvanceShard(int shard, int64_t from, int64_t to);
  void StepUnits(int shard, int population, int64_t step);
  // Calls visit(projection, spikes) for those whose input is added at once to
  // the population's units at the end of a step: with the spikes of as long ago
  // as the delay.
  template <class Visit>
  void ForArriving(size_t population, int64_t step, Visit visit) const;
  void AddStimuli(int population, ShardUnits units, int64_t step);
  void MergeSpikes(int64_t from, int64_t to);
  void AddSpikes(int64_t step);
  void Modulate(int64_t step);
  void Forget();
  // Brings what is not state into line with what a visitor may have restored.
  void FollowRestored();
  // Whether a whole stretch begins: where time is cut for other reasons, what
  // is done once a stretch waits.
  bool IsStretch(int64_t step) const { return step % plan_.min_delay == 0; }

  const NetworkPlan& plan_;
  Parallel& parallel_;
  NetworkParts<Real> parts_;
  std::vector<double> modulator_values_;  // scratch, of one stretch
  std::vector<Shard> shards_;
  std::vector<SpikeLog> logs_;            // of each population
  std::vector<SpikesUnderway> underway_;  // scratch of visitors
  Array<int64_t> step_;
  bool was_visited_ = false;
  int64_t delivered_ = 0;  // spikes of steps before this one are in the rings
};

// Paths of the arrays of a network's state, as SpikingNetwork names them.
std::vector<std::string> ArraysOfNetwork(const NetworkPlan& plan);

extern template class SpikingNetwork<float>;
extern template class SpikingNetwork<double>;

}  // namespace engram
