#pragma once

#include <algorithm>
#include <cstdint>

#include "core/spiking/synapse_table.h"

namespace engram {

// Synapses [begin, end) of a table.
struct SynapseRange {
  uint32_t begin, end;
};

// Those of a row with a delay [steps]; `stride` is the ring's.
template <class Real>
SynapseRange PartOfRow(const SynapseTable<Real>& table, int64_t row,
                       int64_t delay, int64_t stride) {
  const uint32_t* const offset = table.offset.data();
  const uint32_t column = static_cast<uint32_t>((delay - 1) * stride);
  const uint32_t* const first = std::lower_bound(
      offset + table.begin[static_cast<size_t>(row)],
      offset + table.begin[static_cast<size_t>(row) + 1], column);
  const uint32_t* const last = std::lower_bound(
      first, offset + table.begin[static_cast<size_t>(row) + 1],
      column + static_cast<uint32_t>(stride));
  return {static_cast<uint32_t>(first - offset),
          static_cast<uint32_t>(last - offset)};
}

// Calls visit(begin, end, delay) for the stretches of a row of one delay.
template <class Real, class Visit>
void ForParts(const SynapseTable<Real>& table, int64_t row,
              const DelayRange& delay, int64_t stride, Visit visit) {
  const uint32_t* const offset = table.offset.data();
  uint32_t begin = table.begin[static_cast<size_t>(row)];
  const uint32_t end = table.begin[static_cast<size_t>(row) + 1];
  if (delay.lowest == delay.highest) {
    if (begin < end) visit(begin, end, delay.lowest);
    return;
  }
  const uint32_t size = static_cast<uint32_t>(stride);
  while (begin < end) {
    const uint32_t column = offset[begin] / size;
    const uint32_t* const next =
        std::lower_bound(offset + begin, offset + end, (column + 1) * size);
    const uint32_t stop = static_cast<uint32_t>(next - offset);
    visit(begin, stop, static_cast<int64_t>(column) + 1);
    begin = stop;
  }
}

}  // namespace engram
