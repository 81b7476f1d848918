#include "core/spiking/synapse_table.h"

#include <algorithm>
#include <atomic>

#include "core/base/contract.h"
#include "core/base/huge_pages.h"
#include "core/spiking/input_ring.h"

namespace engram {
namespace {

constexpr int64_t kRowsOfBlock = 64;
// That 16 bits tell apart.
constexpr int64_t kNearUnits = int64_t{1} << 16;

template <class Real>
class TableBuilder {
 public:
  TableBuilder(const ProjectionPiece& piece, bool keeps_all, Parallel& parallel)
      : piece_(piece),
        keeps_all_(keeps_all),
        parallel_(parallel),
        draw_(*piece.plan, piece.dt, piece.seed),
        stride_(InputRing<Real>::Stride(piece.target_units)),
        shard_size_(ShardSize(piece.target_units, piece.shards)),
        tables_(static_cast<size_t>(piece.shards)),
        whole_(static_cast<size_t>(piece.shards)) {}

  std::vector<SynapseTable<Real>> Build() {
    for (SynapseTable<Real>& table : tables_) {
      table.begin.assign(static_cast<size_t>(piece_.from.units()) + 1, 0);
    }
    for (auto& whole : whole_) whole = draw_.has_one_delay() && !keeps_all_;
    if (draw_.is_by_target()) {
      for (auto& whole : whole_) whole = false;
      ForShards([&](size_t s) { CountByTarget(s); });
    } else {
      ForRows([&](int64_t j) { CountBySource(j); });
    }
    for (size_t s = 0; s < tables_.size(); ++s) Allocate(s);
    if (draw_.is_by_target()) {
      ForShards([&](size_t s) { FillByTarget(s); });
    } else {
      ForRows([&](int64_t j) { FillBySource(j); });
    }
    // Spikes read rows here and there.
    for (const SynapseTable<Real>& table : tables_) {
      PreferHugePages(table.offset.bytes());
      PreferHugePages(table.near_offset.bytes());
      PreferHugePages(table.weight.bytes());
    }
    return std::move(tables_);
  }

 private:
  template <class Work>
  void ForShards(Work work) {
    parallel_.ForBlocks(piece_.shards, 1, [&](int64_t begin, int64_t end) {
      for (int64_t s = begin; s < end; ++s) work(static_cast<size_t>(s));
    });
  }
  template <class Work>
  void ForRows(Work work) {
    parallel_.ForBlocks(piece_.from.units(), kRowsOfBlock,
                        [&](int64_t begin, int64_t end) {
                          for (int64_t j = begin; j < end; ++j) work(j);
                        });
  }

  // Of a target, from its number in the selection; -1 outside of this piece.
  int64_t TargetUnit(int32_t number) const {
    const int64_t k = number - piece_.to.offset;
    return k < 0 || k >= piece_.to.units() ? -1 : piece_.to.begin + k;
  }
  size_t ShardOf(int64_t target) const {
    return static_cast<size_t>(target / shard_size_);
  }

  void CountBySource(int64_t j) {
    thread_local SynapseRow row;
    draw_.Units(piece_.from.offset + j, row);
    int64_t last = -1;
    std::vector<int64_t>& strictly = CountScratch();
    strictly.assign(tables_.size(), 0);
    for (const int32_t number : row.units) {
      const int64_t target = TargetUnit(number);
      if (target < 0) continue;
      ++tables_[ShardOf(target)].begin[static_cast<size_t>(j) + 1];
      if (target > last) ++strictly[ShardOf(target)];
      last = target;
    }
    for (size_t s = 0; s < tables_.size(); ++s) {
      if (strictly[s] != UnitsIn(s)) whole_[s] = false;
    }
  }
  static std::vector<int64_t>& CountScratch() {
    thread_local std::vector<int64_t> counts;
    return counts;
  }
  // Of the shard, all or none of which the piece must reach to be whole.
  int64_t UnitsIn(size_t s) const {
    const ShardUnits units =
        UnitsOfShard(piece_.target_units, piece_.shards, static_cast<int>(s));
    return units.end - units.begin;
  }

  void CountByTarget(size_t s) {
    SynapseRow row;
    ForTargets(s, [&](int64_t number, int64_t) {
      draw_.Units(number, row);
      for (const int32_t source : row.units) {
        const int64_t j = SourceRow(source);
        if (j >= 0) ++tables_[s].begin[static_cast<size_t>(j) + 1];
      }
    });
  }
  int64_t SourceRow(int32_t number) const {
    const int64_t j = number - piece_.from.offset;
    return j < 0 || j >= piece_.from.units() ? -1 : j;
  }
  template <class Work>
  void ForTargets(size_t s, Work work) const {
    const ShardUnits units =
        UnitsOfShard(piece_.target_units, piece_.shards, static_cast<int>(s));
    const int64_t begin = std::max(units.begin, piece_.to.begin);
    const int64_t end = std::min(units.end, piece_.to.end);
    for (int64_t i = begin; i < end; ++i) {
      work(piece_.to.offset + i - piece_.to.begin, i);
    }
  }

  void Allocate(size_t s) {
    SynapseTable<Real>& table = tables_[s];
    uint64_t sum = 0;
    for (uint32_t& begin : table.begin) {
      sum += begin;
      ENGRAM_EXPECT(sum <= UINT32_MAX);
      begin = static_cast<uint32_t>(sum);
    }
    const int64_t size = static_cast<int64_t>(sum);
    AllocateOffsets(s, size);
    if (keeps_all_ || !draw_.has_one_weight()) {
      table.weight = Array<Real>(size);
    }
  }

  void AllocateOffsets(size_t s, int64_t size) {
    SynapseTable<Real>& table = tables_[s];
    if (keeps_all_ || !draw_.has_one_delay()) {
      table.offset = Array<uint32_t>(size);
      return;
    }
    const ShardUnits units =
        UnitsOfShard(piece_.target_units, piece_.shards, static_cast<int>(s));
    table.first_offset =
        OffsetOf(static_cast<double>(draw_.delay().lowest), units.begin);
    table.is_dense = whole_[s] && size > 0;
    if (table.is_dense) return;
    if (UnitsIn(s) <= kNearUnits) {
      table.near_offset = Array<uint16_t>(size);
    } else {
      table.offset = Array<uint32_t>(size);
    }
  }

  uint32_t OffsetOf(double delay, int64_t target) const {
    if (piece_.is_added_at_once) return static_cast<uint32_t>(target);
    return static_cast<uint32_t>((static_cast<int64_t>(delay) - 1) * stride_ +
                                 target);
  }

  struct Drawn {
    uint32_t offset;
    Real weight;
  };

  void FillBySource(int64_t j) {
    thread_local SynapseRow row;
    thread_local std::vector<Drawn> drawn;
    draw_.Row(piece_.from.offset + j, row);
    size_t k = 0;
    for (size_t s = 0; s < tables_.size(); ++s) {
      drawn.clear();
      for (; k < row.units.size(); ++k) {
        const int64_t target = TargetUnit(row.units[k]);
        if (target < 0) continue;
        if (ShardOf(target) != s) break;
        drawn.push_back({OffsetOf(row.delays[k], target),
                         static_cast<Real>(row.weights[k])});
      }
      Store(tables_[s], j, drawn);
    }
  }

  void Store(SynapseTable<Real>& table, int64_t j, std::vector<Drawn>& drawn) {
    if (!draw_.has_one_delay()) SortByOffset(drawn);
    const int64_t begin = table.begin[static_cast<size_t>(j)];
    for (size_t k = 0; k < drawn.size(); ++k) {
      const int64_t at = begin + static_cast<int64_t>(k);
      StoreOffset(table, at, drawn[k].offset);
      if (table.weight.size() > 0) table.weight[at] = drawn[k].weight;
    }
  }
  static void StoreOffset(SynapseTable<Real>& table, int64_t at,
                          uint32_t offset) {
    if (table.near_offset.size() > 0) {
      table.near_offset[at] =
          static_cast<uint16_t>(offset - table.first_offset);
    } else if (!table.is_dense) {
      table.offset[at] = offset;
    }
  }
  // Synapses of one offset keep the order in which they were drawn.
  static void SortByOffset(std::vector<Drawn>& drawn) {
    std::ranges::stable_sort(drawn, {}, &Drawn::offset);
  }

  void FillByTarget(size_t s) {
    SynapseTable<Real>& table = tables_[s];
    std::vector<uint32_t> next(table.begin.begin(), table.begin.end() - 1);
    SynapseRow row;
    ForTargets(s, [&](int64_t number, int64_t target) {
      draw_.Row(number, row);
      for (size_t k = 0; k < row.units.size(); ++k) {
        const int64_t j = SourceRow(row.units[k]);
        if (j < 0) continue;
        const int64_t at = next[static_cast<size_t>(j)]++;
        StoreOffset(table, at, OffsetOf(row.delays[k], target));
        if (table.weight.size() > 0) {
          table.weight[at] = static_cast<Real>(row.weights[k]);
        }
      }
    });
    if (!draw_.has_one_delay()) SortRows(table);
  }

  void SortRows(SynapseTable<Real>& table) const {
    std::vector<Drawn> drawn;
    for (int64_t j = 0; j < table.rows(); ++j) {
      const int64_t begin = table.begin[static_cast<size_t>(j)];
      const int64_t end = table.begin[static_cast<size_t>(j) + 1];
      const bool has_weights = table.weight.size() > 0;
      drawn.clear();
      for (int64_t k = begin; k < end; ++k) {
        drawn.push_back(
            {table.offset[k], has_weights ? table.weight[k] : Real{0}});
      }
      SortByOffset(drawn);
      for (int64_t k = begin; k < end; ++k) {
        const Drawn& d = drawn[static_cast<size_t>(k - begin)];
        table.offset[k] = d.offset;
        if (has_weights) table.weight[k] = d.weight;
      }
    }
  }

  const ProjectionPiece& piece_;
  const bool keeps_all_;
  Parallel& parallel_;
  const SynapseDraw draw_;
  const int64_t stride_, shard_size_;
  std::vector<SynapseTable<Real>> tables_;
  std::vector<std::atomic<bool>> whole_;  // of each shard, as far as known
};

}  // namespace

template <class Real>
std::vector<SynapseTable<Real>> BuildTables(const ProjectionPiece& piece,
                                            bool keeps_all,
                                            Parallel& parallel) {
  return TableBuilder<Real>(piece, keeps_all, parallel).Build();
}

template std::vector<SynapseTable<float>> BuildTables(const ProjectionPiece&,
                                                      bool, Parallel&);
template std::vector<SynapseTable<double>> BuildTables(const ProjectionPiece&,
                                                       bool, Parallel&);

}  // namespace engram
