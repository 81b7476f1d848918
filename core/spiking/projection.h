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
// input of another, or adds what they bring to numbers of its units.
template <class Real>
class Projection {
 public:
  // `sums`, of all target units, where inputs are added at once, else null.
  Projection(const ProjectionPiece& piece, InputRing<Real>& ring, Real* sums,
             Parallel& parallel);

  // In one thread, between stretches: spikes of the next step.
  void AddSpikes(int64_t step, std::span<const int32_t> spikes) {
    if (short_term_) short_term_->Add(step, spikes, piece_.from.begin);
  }
  // No spike before `step` is on its way any more.
  void Forget(int64_t step) {
    if (short_term_) short_term_->Restart(step);
  }

  // Of different shards from several threads at once; `spikes` are units of
  // the whole presynaptic population, ascending.
  // What the spikes of step `step` will bring to the units of a shard.
  void Deliver(int shard, int64_t step, std::span<const int32_t> spikes);
  // Adds what spikes bring to the units of a shard, at the step at which it
  // arrives: where inputs are added at once, in place of the above.
  void Add(int shard, std::span<const int32_t> spikes) const;

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
  void DeliverColumn(const SynapseTable<Real>& table, int64_t step,
                     std::span<const int32_t> spikes);
  void DeliverSparse(const SynapseTable<Real>& table, int64_t step,
                     std::span<const int32_t> spikes);
  // To input[offset], of a table that is one column.
  void AddColumnRow(const SynapseTable<Real>& table, int64_t row, Real factor,
                    Real* input) const;
  // To input[0], input[1], ...
  void AddDenseRow(const SynapseTable<Real>& table, int64_t row, Real factor,
                   Real* input) const;
  // Synapses [begin, end), to the places of `offsets`, the table's.
  template <class Offset>
  void AddRow(const SynapseTable<Real>& table, const Array<Offset>& offsets,
              uint32_t begin, uint32_t end, Real factor, Real* input) const;
  // Calls visit(n, row) for the n-th of the spikes, where it is one of this
  // piece.
  template <class Visit>
  void ForRows(const SynapseTable<Real>& table, std::span<const int32_t> spikes,
               Visit visit) const;
  // What the n-th spike of a step finds of its weights.
  Real FactorOf(int64_t step, size_t n) const {
    return short_term_ ? short_term_->FactorsAt(step)[n] : Real{1};
  }

  ProjectionPiece piece_;
  InputRing<Real>& ring_;
  Real* sums_;
  Real one_weight_;  // where tables hold none [unit of the receptor]
  std::vector<SynapseTable<Real>> tables_;
  std::optional<ShortTermPlasticity<Real>> short_term_;
};

extern template class Projection<float>;
extern template class Projection<double>;

}  // namespace engram
