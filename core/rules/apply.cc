#include "core/rules/apply.h"

#include <algorithm>

namespace engram {
namespace {

constexpr int64_t kWeightsPerTile = 512;       // 4 kB
constexpr int64_t kWeightsPerBlock = 1 << 16;  // what another thread is worth

void UpdateColumns(const Rule& rule, const Signals& s, Array<double>& w,
                   int64_t begin, int64_t end) {
  const int64_t cols = std::max<int64_t>(kWeightsPerTile / w.rows(), 1);
  for (int64_t first = begin; first < end; first += cols) {
    const WeightTile tile{.data = w.data() + first * w.rows(),
                          .rows = w.rows(),
                          .first_pre = first,
                          .cols = std::min(cols, end - first)};
    rule.UpdateTile(s, tile);
    for (int64_t c = 0; c < tile.cols; ++c) tile.col(c)[first + c] = 0;
  }
}

}  // namespace

void ApplyRule(Rule& rule, const Signals& s, Array<double>& w,
               Parallel& parallel) {
  const int64_t block = std::max<int64_t>(kWeightsPerBlock / w.rows(), 1);
  parallel.ForBlocks(w.cols(), block, [&](int64_t begin, int64_t end) {
    UpdateColumns(rule, s, w, begin, end);
  });
  rule.AdvanceTraces(s);
}

}  // namespace engram
