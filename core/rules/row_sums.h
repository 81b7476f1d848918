#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"
#include "core/rules/row_sum.h"
#include "core/rules/weight_tile.h"

namespace engram {

// Sums over rows, gathered block of columns by block, then added in the order
// of the blocks: the same bits whatever the threads.
template <class Real>
class RowSums {
 public:
  RowSums() = default;
  RowSums(int64_t n_post, int64_t blocks)
      : partial_(n_post, blocks), sums_(n_post) {}

  // Of block `block`, before its first tile.
  void Clear(int64_t block);
  // From several threads at once, each with a block of its own.
  void Add(RowSum sum, int64_t block, const WeightTile<Real>& w);
  // The sums of a block (n_post), for whoever adds to them without a tile.
  Real* OfBlock(int64_t block) {
    return partial_.data() + block * partial_.rows();
  }
  std::span<const double> Total();

 private:
  Array<Real> partial_;  // (n_post, n_blocks)
  Array<double> sums_;
};

extern template class RowSums<float>;
extern template class RowSums<double>;

}  // namespace engram
