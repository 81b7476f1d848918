#include "core/spiking/projection.h"

#include <algorithm>
#include <array>

#include "core/spiking/row_prefetch.h"

namespace engram {
namespace {

// Synapses that are added between two looks at how many are left.
constexpr int64_t kBlock = 8;

// Adds weight(k) to the place of offset k. How long a row is cannot be
// foretold, so no loop runs over what is left of it behind the last whole
// block: the row's last block is added instead, with the weight -0, which
// changes no sum, for what is in it already.
template <class Real, class Offset, class Weight>
[[gnu::always_inline]] inline void AddWeights(const Offset* __restrict offset,
                                              int64_t size, Real* input,
                                              Weight weight) {
  const int64_t whole = size / kBlock * kBlock;
  for (int64_t at = 0; at < whole; at += kBlock) {
#pragma GCC unroll 8
    for (int64_t k = at; k < at + kBlock; ++k) input[offset[k]] += weight(k);
  }
  if (whole == 0) {
    for (int64_t k = 0; k < size; ++k) input[offset[k]] += weight(k);
    return;
  }
  const int64_t last = size - kBlock;
  std::array<Real, kBlock> rest;
  for (int64_t k = 0; k < kBlock; ++k) {
    rest[static_cast<size_t>(k)] =
        last + k < whole ? -Real{0} : weight(last + k);
  }
#pragma GCC unroll 8
  for (int64_t k = 0; k < kBlock; ++k) {
    input[offset[last + k]] += rest[static_cast<size_t>(k)];
  }
}

}  // namespace

template <class Real>
Projection<Real>::Projection(const ProjectionPiece& piece,
                             InputRing<Real>& ring, Real* sums,
                             Parallel& parallel)
    : piece_(piece),
      ring_(ring),
      sums_(sums),
      one_weight_(static_cast<Real>(
          SynapseDraw(*piece.plan, piece.dt, piece.seed).weight())),
      tables_(BuildTables<Real>(piece, false, parallel)) {
  if (const Component* c = piece.plan->component->Find("short_term")) {
    short_term_.emplace(*c, piece.from.units(), piece.dt);
  }
}

template <class Real>
int64_t Projection<Real>::synapses() const {
  int64_t all = 0;
  for (const SynapseTable<Real>& table : tables_) all += table.synapses();
  return all;
}

template <class Real>
void Projection<Real>::Deliver(int shard, int64_t step,
                               std::span<const int32_t> spikes) {
  const SynapseTable<Real>& table = tables_[static_cast<size_t>(shard)];
  if (table.synapses() == 0) return;
  if (table.is_one_column()) {
    DeliverColumn(table, step, spikes);
  } else {
    DeliverSparse(table, step, spikes);
  }
}

template <class Real>
void Projection<Real>::Add(int shard, std::span<const int32_t> spikes) const {
  const SynapseTable<Real>& table = tables_[static_cast<size_t>(shard)];
  if (table.synapses() == 0) return;
  ForRows(table, spikes, [&](size_t, int64_t row) {
    if (table.is_one_column()) {
      AddColumnRow(table, row, Real{1}, sums_ + table.first_offset);
      return;
    }
    const size_t r = static_cast<size_t>(row);
    AddRow(table, table.offset, table.begin[r], table.begin[r + 1], Real{1},
           sums_);
  });
}

template <class Real>
template <class Visit>
void Projection<Real>::ForRows(const SynapseTable<Real>& table,
                               std::span<const int32_t> spikes,
                               Visit visit) const {
  const auto row_of = [&](size_t n) {
    const int64_t row = spikes[n] - piece_.from.begin;
    return row < table.rows() ? row : -1;
  };
  const RowPrefetch prefetch(table);
  prefetch.Begin(table, spikes.size(), row_of);
  for (size_t n = 0; n < spikes.size(); ++n) {
    const int64_t row = row_of(n);
    prefetch.Next(table, spikes.size(), n, row_of);
    if (row >= 0) visit(n, row);
  }
}

template <class Real>
void Projection<Real>::DeliverColumn(const SynapseTable<Real>& table,
                                     int64_t step,
                                     std::span<const int32_t> spikes) {
  const int64_t delay = table.first_offset / ring_.stride() + 1;
  Real* input = ring_.Slot(step + delay) + table.first_offset % ring_.stride();
  ForRows(table, spikes, [&](size_t n, int64_t row) {
    AddColumnRow(table, row, FactorOf(step, n), input);
  });
}

template <class Real>
void Projection<Real>::AddColumnRow(const SynapseTable<Real>& table,
                                    int64_t row, Real factor,
                                    Real* input) const {
  if (table.is_dense) {
    AddDenseRow(table, row, factor, input);
  } else {
    const size_t r = static_cast<size_t>(row);
    AddRow(table, table.near_offset, table.begin[r], table.begin[r + 1], factor,
           input);
  }
}

template <class Real>
void Projection<Real>::AddDenseRow(const SynapseTable<Real>& table, int64_t row,
                                   Real factor, Real* __restrict input) const {
  const int64_t begin = table.begin[static_cast<size_t>(row)];
  const int64_t size = table.begin[static_cast<size_t>(row) + 1] - begin;
  if (table.weight.size() == 0) {
    const Real weight = factor * one_weight_;
    for (int64_t k = 0; k < size; ++k) input[k] += weight;
  } else {
    const Real* __restrict weight = table.weight.data() + begin;
    for (int64_t k = 0; k < size; ++k) input[k] += factor * weight[k];
  }
}

template <class Real>
void Projection<Real>::DeliverSparse(const SynapseTable<Real>& table,
                                     int64_t step,
                                     std::span<const int32_t> spikes) {
  Real* const input = ring_.Slot(step + 1);
  const int64_t size = ring_.stride() * ring_.slots();
  const int64_t room = ring_.array().data() + size - input;
  const uint32_t* const offsets = table.offset.data();
  ForRows(table, spikes, [&](size_t n, int64_t row) {
    const uint32_t begin = table.begin[static_cast<size_t>(row)];
    const uint32_t end = table.begin[static_cast<size_t>(row) + 1];
    if (begin == end) return;
    const Real factor = FactorOf(step, n);
    // From `turn` on offsets run over the ring's end.
    uint32_t turn = end;
    if (offsets[end - 1] >= room) {
      turn =
          static_cast<uint32_t>(std::lower_bound(offsets + begin, offsets + end,
                                                 static_cast<uint32_t>(room)) -
                                offsets);
    }
    AddRow(table, table.offset, begin, turn, factor, input);
    if (turn == end) return;
    AddRow(table, table.offset, turn, end, factor, input - size);
  });
}

template <class Real>
template <class Offset>
void Projection<Real>::AddRow(const SynapseTable<Real>& table,
                              const Array<Offset>& offsets, uint32_t begin,
                              uint32_t end, Real factor, Real* input) const {
  const Offset* const offset = offsets.data() + begin;
  const int64_t size = end - begin;
  if (table.weight.size() == 0) {
    const Real one = factor * one_weight_;
    AddWeights(offset, size, input, [&](int64_t) { return one; });
    return;
  }
  const Real* const weight = table.weight.data() + begin;
  if (short_term_) {
    AddWeights(offset, size, input,
               [&](int64_t k) { return factor * weight[k]; });
  } else {
    AddWeights(offset, size, input, [&](int64_t k) { return weight[k]; });
  }
}

template class Projection<float>;
template class Projection<double>;

}  // namespace engram
