#include "core/rules/apply.h"

#include <algorithm>

#include "core/base/contract.h"

namespace engram {
namespace {

constexpr int64_t kBytesPerTile = 4096;
constexpr int64_t kWeightsPerBlock = 1 << 16;  // what another thread is worth

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

// Columns that hold about `weights` of a matrix of `total` in `n_pre` columns.
int64_t ColumnsOf(int64_t weights, int64_t total, int64_t n_pre) {
  return std::max<int64_t>(weights * n_pre / std::max<int64_t>(total, 1), 1);
}

template <class Real, class Weights>
void Apply(Plasticity<Real>& plasticity, const Signals<Real>& s, Weights& w,
           int64_t total, Parallel& parallel) {
  const int64_t n_pre = plasticity.shape().n_pre;
  const int64_t tile = ColumnsOf(
      kBytesPerTile / static_cast<int64_t>(sizeof(Real)), total, n_pre);
  const int64_t block = ColumnsOf(kWeightsPerBlock, total, n_pre);
  plasticity.Prepare(s);
  parallel.ForBlocks(n_pre, block, [&](int64_t begin, int64_t end) {
    for (int64_t first = begin; first < end; first += tile) {
      plasticity.UpdateTile(s, TileOf(w, first, std::min(tile, end - first)),
                            OffsetOf(w, first));
    }
  });
  plasticity.AdvanceTraces(s);
}

}  // namespace

template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               Array<Real>& w, Parallel& parallel) {
  const RuleShape& shape = plasticity.shape();
  ENGRAM_EXPECT(w.rows() == shape.n_post && w.cols() == shape.n_pre);
  Apply(plasticity, s, w, w.rows() * w.cols(), parallel);
}

template <class Real>
void ApplyRule(Plasticity<Real>& plasticity, const Signals<Real>& s,
               SparseWeights<Real>& w, Parallel& parallel) {
  const RuleShape& shape = plasticity.shape();
  ENGRAM_EXPECT(w.n_post == shape.n_post && w.n_pre == shape.n_pre &&
                w.weights.rows() == shape.synapses);
  Apply(plasticity, s, w, shape.synapses, parallel);
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
