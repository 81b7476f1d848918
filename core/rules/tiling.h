#pragma once

#include <algorithm>
#include <cstdint>

#include "core/rules/rule.h"

namespace engram {

// How a matrix of weights is cut, in columns: tiles of about 16 kB or four
// columns, and blocks of work that are worth another thread. Follows from the
// shape alone.
struct Tiling {
  int64_t tile;    // columns that the rule works on
  int64_t part;    // columns of it that what follows the rule works on
  int64_t block;   // columns
  int64_t blocks;  // number of blocks
};

// Of weights whose rows are summed the blocks are larger, as each leaves a sum
// for every row.
inline Tiling TilingOf(const RuleShape& shape, int64_t bytes_per_weight,
                       bool sums_rows) {
  constexpr int64_t kTileBytes = 16384;
  const int64_t block_weights = sums_rows ? 1 << 18 : 1 << 16;
  const int64_t total = std::max<int64_t>(
      shape.synapses >= 0 ? shape.synapses : shape.n_post * shape.n_pre, 1);
  const auto columns = [&](int64_t weights) {
    return std::max<int64_t>(weights * shape.n_pre / total, 1);
  };
  const int64_t block = columns(block_weights);
  const int64_t near = columns(kTileBytes / bytes_per_weight);
  return {.tile = std::min(std::max(near, kColumnsOfGroup), block),
          .part = near,
          .block = block,
          .blocks = (shape.n_pre + block - 1) / block};
}

}  // namespace engram
