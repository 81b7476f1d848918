#include "core/rules/apply.h"

#include <algorithm>

#include "core/base/contract.h"

namespace engram {
namespace {

template <class Real>
WeightTile<Real> TileOf(Array<Real>& w, int64_t first, int64_t cols) {
  return {.weights = w.data() + first * w.rows(),
          .first_pre = first,
          .cols = cols,
          .n_post = w.rows()};
}

template <class Real>
WeightTile<Real> TileOf(SparseWeights<Real>& w, int64_t first, int64_t cols) {
  const int64_t begin = w.starts[first];
  return {.weights = w.weights.data() + begin,
          .first_pre = first,
          .cols = cols,
          .n_post = w.n_post,
          .starts = w.starts.data() + first,
          .rows = w.rows.data() + begin};
}

template <class Real>
int64_t OffsetOf(const Array<Real>& w, int64_t first) {
  return first * w.rows();
}

template <class Real>
int64_t OffsetOf(const SparseWeights<Real>& w, int64_t first) {
  return w.starts[first];
}

// Calls visit(tile, offset) for the tiles of columns [begin, end).
template <class Weights, class Visit>
void ForTiles(Weights& w, int64_t tile, int64_t begin, int64_t end,
              Visit visit) {
  for (int64_t first = begin; first < end; first += tile) {
    visit(TileOf(w, first, std::min(tile, end - first)), OffsetOf(w, first));
  }
}

// A second pass goes backwards: what the first one read last is still near.
int64_t BlockOf(int64_t turn, int64_t pass, int64_t blocks) {
  return pass % 2 == 0 ? turn : blocks - 1 - turn;
}

template <class Real, class Weights>
void Apply(Plasticity<Real>& plasticity, const Signals<Real>& s, Weights& w,
           Parallel& parallel) {
  const int64_t n_pre = plasticity.shape().n_pre;
  const Tiling& tiling = plasticity.tiling();
  if (plasticity.wants_start()) {
    ForTiles(w, tiling.tile, 0, n_pre,
             [&](const auto& tile, int64_t) { plasticity.ReadStart(tile); });
    plasticity.EndStart();
  }
  plasticity.Prepare(s);
  for (int64_t pass = 0; pass < plasticity.passes(); ++pass) {
    parallel.ForBlocks(tiling.blocks, 1, [&](int64_t turn, int64_t) {
      const int64_t block = BlockOf(turn, pass, tiling.blocks);
      const int64_t begin = block * tiling.block;
      plasticity.BeginBlock(pass, block);
      ForTiles(w, tiling.tile, begin, std::min(begin + tiling.block, n_pre),
               [&](const auto& tile, int64_t offset) {
                 plasticity.UpdateTile(s, pass, block, tile, offset);
               });
    });
    plasticity.EndPass(pass);
  }
  plasticity.AdvanceTraces(s);
}

}  // namespace

template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               Array<Real>& w, Parallel& parallel) {
  const RuleShape& shape = plasticity.shape();
  ENGRAM_EXPECT(w.rows() == shape.n_post && w.cols() == shape.n_pre);
  Apply(plasticity, s, w, parallel);
}

template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               SparseWeights<Real>& w, Parallel& parallel) {
  const RuleShape& shape = plasticity.shape();
  ENGRAM_EXPECT(w.n_post == shape.n_post && w.n_pre == shape.n_pre &&
                w.weights.rows() == shape.synapses);
  Apply(plasticity, s, w, parallel);
}

template void ApplyRule(Plasticity<float>&, const Signals<float>&,
                        Array<float>&, Parallel&);
template void ApplyRule(Plasticity<double>&, const Signals<double>&,
                        Array<double>&, Parallel&);
template void ApplyRule(Plasticity<float>&, const Signals<float>&,
                        SparseWeights<float>&, Parallel&);
template void ApplyRule(Plasticity<double>&, const Signals<double>&,
                        SparseWeights<double>&, Parallel&);

}  // namespace engram
