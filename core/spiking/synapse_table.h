#pragma once

#include <cstdint>
#include <vector>

#include "core/base/array.h"
#include "core/base/parallel.h"
#include "core/spiking/synapse_draw.h"

namespace engram {

// A piece of a projection: from consecutive units of one population to those of
// another.
struct ProjectionPiece {
  const PlannedSynapses* plan = nullptr;
  UnitRange from, to;
  int number = 0;  // in its projection
  int receptor = 0;
  int64_t target_units = 0;  // of the whole target population
  int shards = 1;
  bool is_added_at_once = false;  // PlannedSynapses::IsAddedAtOnce
  double dt = 0;
  uint64_t seed = 0;
};

// Synapses of a piece onto one shard, row after row of the presynaptic units.
// A synapse's offset is (delay - 1) stride + target: where its input goes in
// the target's ring, counted from the column of the step after the spike. A row
// is sorted by it: by delay, then target, so 8 bytes (12 in double precision)
// hold a synapse with its delay. Where inputs are added at once there is no
// ring, and an offset is the target alone.
//
// Where all synapses have one delay, their offsets lie in one column. Counted
// from the shard's first unit they take 2 bytes each where the shard has no
// more than 65,536 units, and none where rows are whole.
template <class Real>
struct SynapseTable {
  std::vector<uint32_t> begin;  // (rows + 1)
  Array<uint32_t> offset;       // empty where near_offset or is_dense tells
  Array<uint16_t> near_offset;  // less first_offset
  // Every row has a synapse onto each unit of the shard in turn, after the same
  // delay: then the first offset tells all.
  bool is_dense = false;
  uint32_t first_offset = 0;  // of the shard's first unit, after one delay
  Array<Real> weight;         // empty where all have one

  int64_t rows() const { return static_cast<int64_t>(begin.size()) - 1; }
  int64_t synapses() const { return begin.back(); }
  // Whether offsets are counted from first_offset.
  bool is_one_column() const { return is_dense || near_offset.size() > 0; }
  size_t bytes() const {
    return offset.bytes().size() + near_offset.bytes().size() +
           weight.bytes().size();
  }
};

// Draws and stores a piece, a table a shard. Every row is drawn twice, to be
// counted and to be stored, so that nothing is held but the tables themselves.
// With `keeps_all` no table leaves its offsets or weights out.
template <class Real>
std::vector<SynapseTable<Real>> BuildTables(const ProjectionPiece& piece,
                                            bool keeps_all, Parallel& parallel);

extern template std::vector<SynapseTable<float>> BuildTables(
    const ProjectionPiece&, bool, Parallel&);
extern template std::vector<SynapseTable<double>> BuildTables(
    const ProjectionPiece&, bool, Parallel&);

}  // namespace engram
