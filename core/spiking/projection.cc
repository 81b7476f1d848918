#include "core/spiking/projection.h"

#include <algorithm>

namespace engram {
namespace {

// Adds a stretch of a row to the ring, where it does not run over its end.
template <class Real>
void AddWeights(const uint32_t* __restrict offset,
                const Real* __restrict weight, int64_t size, Real* input) {
  for (int64_t k = 0; k < size; ++k) input[offset[k]] += weight[k];
}

template <class Real>
void AddOneWeight(const uint32_t* __restrict offset, Real weight, int64_t size,
                  Real* input) {
  for (int64_t k = 0; k < size; ++k) input[offset[k]] += weight;
}

}  // namespace

template <class Real>
Projection<Real>::Projection(const ProjectionPiece& piece,
                             InputRing<Real>& ring, Parallel& parallel)
    : piece_(piece),
      ring_(ring),
      one_weight_(static_cast<Real>(piece.plan->component->Real("weight"))),
      tables_(BuildTables<Real>(piece, false, parallel)) {}

template <class Real>
int64_t Projection<Real>::synapses() const {
  int64_t all = 0;
  for (const SynapseTable<Real>& table : tables_) all += table.synapses();
  return all;
}

template <class Real>
void Projection<Real>::DeliverDense(const SynapseTable<Real>& table,
                                    int64_t step,
                                    std::span<const int32_t> spikes) {
  const int64_t delay = table.first_offset / ring_.stride() + 1;
  Real* __restrict input =
      ring_.Slot(step + delay) + table.first_offset % ring_.stride();
  for (const int32_t unit : spikes) {
    const int64_t row = unit - piece_.from.begin;
    if (row < 0 || row >= table.rows()) continue;
    const int64_t begin = table.begin[static_cast<size_t>(row)];
    const int64_t size = table.begin[static_cast<size_t>(row) + 1] - begin;
    if (table.weight.size() == 0) {
      for (int64_t k = 0; k < size; ++k) input[k] += one_weight_;
    } else {
      const Real* __restrict weight = table.weight.data() + begin;
      for (int64_t k = 0; k < size; ++k) input[k] += weight[k];
    }
  }
}

template <class Real>
void Projection<Real>::DeliverSparse(const SynapseTable<Real>& table,
                                     int64_t step,
                                     std::span<const int32_t> spikes) {
  Real* const input = ring_.Slot(step + 1);
  const int64_t room =
      ring_.array().data() + ring_.stride() * ring_.slots() - input;
  // Offsets from here on run over the ring's end.
  Real* const wrapped = input - ring_.stride() * ring_.slots();
  const uint32_t* const offsets = table.offset.data();
  const bool has_weights = table.weight.size() > 0;
  for (const int32_t unit : spikes) {
    const int64_t row = unit - piece_.from.begin;
    if (row < 0 || row >= table.rows()) continue;
    const uint32_t begin = table.begin[static_cast<size_t>(row)];
    const uint32_t end = table.begin[static_cast<size_t>(row) + 1];
    if (begin == end) continue;
    uint32_t turn = end;
    if (offsets[end - 1] >= room) {
      turn =
          static_cast<uint32_t>(std::lower_bound(offsets + begin, offsets + end,
                                                 static_cast<uint32_t>(room)) -
                                offsets);
    }
    if (has_weights) {
      const Real* const weights = table.weight.data();
      AddWeights(offsets + begin, weights + begin, turn - begin, input);
      AddWeights(offsets + turn, weights + turn, end - turn, wrapped);
    } else {
      AddOneWeight(offsets + begin, one_weight_, turn - begin, input);
      AddOneWeight(offsets + turn, one_weight_, end - turn, wrapped);
    }
  }
}

template class Projection<float>;
template class Projection<double>;

}  // namespace engram
