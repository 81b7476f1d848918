#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/spiking/input_ring.h"
#include "core/spiking/plasticity/short_term.h"
#include "core/spiking/synapse_table.h"

namespace engram {

// Synapses whose weights stay: brings spikes of one population into a ring of
// input of another.
template <class Real>
class Projection {
 public:
  Projection(const ProjectionPiece& piece, InputRing<Real>& ring,
             Parallel& parallel);

  // In one thread, between stretches: spikes of the next step.
  void AddSpikes(int64_t step, std::span<const int32_t> spikes) {
    if (short_term_) short_term_->Add(step, spikes, piece_.from.begin);
  }
  // No spike before `step` is on its way any more.
  void Forget(int64_t step) {
    if (short_term_) short_term_->Restart(step);
  }

  // What the spikes of step `step` will bring to the units of a shard. Units
  // of the whole presynaptic population, ascending. Different shards from
  // several threads at once.
  void Deliver(int shard, int64_t step, std::span<const int32_t> spikes) {
    const SynapseTable<Real>& table = tables_[static_cast<size_t>(shard)];
    if (table.synapses() == 0) return;
    if (table.is_dense) {
      DeliverDense(table, step, spikes);
    } else {
      DeliverSparse(table, step, spikes);
    }
  }

  int population() const { return piece_.from.population; }
  // Null without.
  ShortTermPlasticity<Real>* short_term() {
    return short_term_ ? &*short_term_ : nullptr;
  }
  const ProjectionPiece& piece() const { return piece_; }
  int64_t synapses() const;
  const std::vector<SynapseTable<Real>>& tables() const { return tables_; }
  Real one_weight() const { return one_weight_; }

 private:
  void DeliverDense(const SynapseTable<Real>& table, int64_t step,
                    std::span<const int32_t> spikes);
  void AddRow(const SynapseTable<Real>& table, uint32_t begin, uint32_t end,
              Real factor, Real* input) const;
  // What the n-th spike of a step finds of its weights.
  Real FactorOf(int64_t step, size_t n) const {
    return short_term_ ? short_term_->FactorsAt(step)[n] : Real{1};
  }
  void DeliverSparse(const SynapseTable<Real>& table, int64_t step,
                     std::span<const int32_t> spikes);

  ProjectionPiece piece_;
  InputRing<Real>& ring_;
  Real one_weight_;  // where tables hold none [unit of the receptor]
  std::vector<SynapseTable<Real>> tables_;
  std::optional<ShortTermPlasticity<Real>> short_term_;
};

extern template class Projection<float>;
extern template class Projection<double>;

}  // namespace engram
