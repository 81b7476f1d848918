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

template <class Real>
void CheckShape(const RuleShape& shape, const Array<Real>& w) {
  ENGRAM_EXPECT(w.rows() == shape.n_post && w.cols() == shape.n_pre);
}

template <class Real>
void CheckShape(const RuleShape& shape, const SparseWeights<Real>& w) {
  ENGRAM_EXPECT(w.n_post == shape.n_post && w.n_pre == shape.n_pre &&
                w.weights.rows() == shape.synapses);
}

// Calls visit(block, begin, end) for the blocks of columns, on all threads.
template <class Real, class Visit>
void ForColumnBlocks(const Plasticity<Real>& plasticity, int64_t pass,
                     Parallel& parallel, Visit visit) {
  const Tiling& tiling = plasticity.tiling();
  parallel.ForBlocks(tiling.blocks, 1, [&](int64_t turn, int64_t) {
    const int64_t block = BlockOf(turn, pass, tiling.blocks);
    const int64_t begin = block * tiling.block;
    visit(block, begin,
          std::min(begin + tiling.block, plasticity.shape().n_pre));
  });
}

template <class Real, class Weights>
void ReadStart(Plasticity<Real>& plasticity, Weights& w) {
  ForTiles(w, plasticity.tiling().tile, 0, plasticity.shape().n_pre,
           [&](const auto& tile, int64_t) { plasticity.ReadStart(tile); });
  plasticity.EndStart();
}

template <class Real, class Weights>
void Apply(Plasticity<Real>& plasticity, const Signals<Real>& s, Weights& w,
           bool may_wait, Parallel& parallel) {
  CheckShape(plasticity.shape(), w);
  if (plasticity.wants_start()) ReadStart(plasticity, w);
  plasticity.Prepare(s, may_wait);
  for (int64_t pass = 0; pass < plasticity.passes(); ++pass) {
    ForColumnBlocks(plasticity, pass, parallel,
                    [&](int64_t block, int64_t begin, int64_t end) {
                      plasticity.BeginBlock(pass, block);
                      ForTiles(w, plasticity.tiling().tile, begin, end,
                               [&](const auto& tile, int64_t offset) {
                                 plasticity.UpdateTile(s, pass, block, tile,
                                                       offset);
                               });
                    });
    plasticity.EndPass(pass);
  }
  plasticity.AdvanceTraces(s);
}

template <class Real, class Weights>
void SettleAll(Plasticity<Real>& plasticity, Weights& w, Parallel& parallel) {
  CheckShape(plasticity.shape(), w);
  if (!plasticity.is_waiting()) return;
  // Backwards, as what a step read last is still near.
  ForColumnBlocks(plasticity, /*pass=*/1, parallel,
                  [&](int64_t, int64_t begin, int64_t end) {
                    ForTiles(w, plasticity.tiling().tile, begin, end,
                             [&](const auto& tile, int64_t) {
                               plasticity.SettleTile(tile);
                             });
                  });
  plasticity.EndSettling();
}

}  // namespace

template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               Array<Real>& w, Parallel& parallel) {
  Apply(plasticity, s, w, /*may_wait=*/false, parallel);
}

template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               SparseWeights<Real>& w, Parallel& parallel) {
  Apply(plasticity, s, w, /*may_wait=*/false, parallel);
}

template <class Real>
void ApplyRuleUnsettled(Plasticity<Real>& plasticity, const Signals<Real>& s,
                        Array<Real>& w, Parallel& parallel) {
  Apply(plasticity, s, w, /*may_wait=*/true, parallel);
}

template <class Real>
void ApplyRuleUnsettled(Plasticity<Real>& plasticity, const Signals<Real>& s,
                        SparseWeights<Real>& w, Parallel& parallel) {
  Apply(plasticity, s, w, /*may_wait=*/true, parallel);
}

template <class Real>
void Settle(Plasticity<Real>& plasticity, Array<Real>& w, Parallel& parallel) {
  SettleAll(plasticity, w, parallel);
}

template <class Real>
void Settle(Plasticity<Real>& plasticity, SparseWeights<Real>& w,
            Parallel& parallel) {
  SettleAll(plasticity, w, parallel);
}

template void ApplyRule(Plasticity<float>&, const Signals<float>&,
                        Array<float>&, Parallel&);
template void ApplyRule(Plasticity<double>&, const Signals<double>&,
                        Array<double>&, Parallel&);
template void ApplyRule(Plasticity<float>&, const Signals<float>&,
                        SparseWeights<float>&, Parallel&);
template void ApplyRule(Plasticity<double>&, const Signals<double>&,
                        SparseWeights<double>&, Parallel&);
template void ApplyRuleUnsettled(Plasticity<float>&, const Signals<float>&,
                                 Array<float>&, Parallel&);
template void ApplyRuleUnsettled(Plasticity<double>&, const Signals<double>&,
                                 Array<double>&, Parallel&);
template void ApplyRuleUnsettled(Plasticity<float>&, const Signals<float>&,
                                 SparseWeights<float>&, Parallel&);
template void ApplyRuleUnsettled(Plasticity<double>&, const Signals<double>&,
                                 SparseWeights<double>&, Parallel&);
template void Settle(Plasticity<float>&, Array<float>&, Parallel&);
template void Settle(Plasticity<double>&, Array<double>&, Parallel&);
template void Settle(Plasticity<float>&, SparseWeights<float>&, Parallel&);
template void Settle(Plasticity<double>&, SparseWeights<double>&, Parallel&);

}  // namespace engram
