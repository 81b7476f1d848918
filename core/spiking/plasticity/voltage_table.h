#pragma once

#include <cstdint>
#include <vector>

#include "core/base/array.h"
#include "core/spiking/network_plan.h"
#include "core/spiking/synapse_table.h"

namespace engram {

// Synapses of a piece onto one shard for a rule that looks at all synapses of a
// unit in every step in which the unit is depolarised, which is far more often
// than spikes come along them: weights lie target after target, each target's
// by delay and presynaptic unit, and `by_source` tells where those of a row
// are. 16 bytes a synapse, 20 in double precision.
template <class Real>
struct VoltageTable {
  // Takes over the table's weights. `stride` is that of the target's ring.
  VoltageTable(SynapseTable<Real> by_source, const ShardUnits& units,
               const DelayRange& delay, int64_t stride);

  // Calls visit(begin, end, delay) for the stretches of a target's synapses of
  // one delay; `target` is counted from the shard's first unit.
  template <class Visit>
  void ForParts(int64_t target, Visit visit) const {
    uint32_t at = begin[static_cast<size_t>(target)];
    const uint32_t end = begin[static_cast<size_t>(target) + 1];
    while (at < end) {
      const uint32_t late = source[at] / rows();
      const uint32_t stop =
          lowest_delay_is_only ? end : FirstFrom(at, end, (late + 1) * rows());
      visit(at, stop, lowest_delay + late);
      at = stop;
    }
  }
  uint32_t rows() const { return static_cast<uint32_t>(by_source.rows()); }

  SynapseTable<Real> by_source;  // without weights
  Array<uint32_t> place;         // of each synapse of by_source: its weight's
  std::vector<uint32_t> begin;   // (targets + 1)
  // (delay - lowest delay) rows + presynaptic unit, ascending for each target.
  Array<uint32_t> source;
  Array<Real> weight;
  int64_t lowest_delay;
  bool lowest_delay_is_only;

 private:
  uint32_t FirstFrom(uint32_t at, uint32_t end, uint32_t wanted) const;
};

extern template struct VoltageTable<float>;
extern template struct VoltageTable<double>;

}  // namespace engram
