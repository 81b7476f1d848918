#pragma once

#include <cstdint>
#include <vector>

#include "core/base/array.h"

namespace engram {

// Chains and loops in weights (n_post, n_pre) that are close to a permutation.
struct ChainStructure {
  int64_t single_rows = 0;     // units with exactly one strong input
  int64_t single_columns = 0;  // units with exactly one strong output
  // Units that follow each other by weights that are the only strong ones of
  // their row and of their column; lengths in units, falling. Loops close;
  // chains, of at least two units, do not.
  std::vector<int64_t> loops, chains;

  // Of loops and chains; 0 without any.
  int64_t longest() const;
};

// A weight is strong above `strong` [1]. Thread-safe.
ChainStructure FindChains(const Array<double>& w, double strong);

}  // namespace engram
