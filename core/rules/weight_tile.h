#pragma once

#include <algorithm>
#include <cstdint>

namespace engram {

// Dense columns that a rule works on side by side: the fewest of a tile.
inline constexpr int64_t kColumnsOfGroup = 4;

// One presynaptic unit's weights in a tile. `post(k)` is the postsynaptic unit
// of the k-th of them, ascending in k.
template <class Real>
struct DenseColumn {
  int64_t pre;
  int64_t size;
  int64_t offset;  // of the first weight, in the tile
  Real* weights;
  int64_t to_next_tile;  // weights from here to the same column of the next

  int64_t post(int64_t k) const { return k; }
  // Nothing to call for: a processor reads ahead of whole columns by itself.
  void CallSoon(int64_t, int64_t) const {}
  // Where `unit` stands in the column; -1 where it has no weight there.
  int64_t Find(int64_t unit) const { return unit; }
};

template <class Real>
struct SparseColumn {
  int64_t pre;
  int64_t size;
  int64_t offset;
  Real* weights;
  const int32_t* rows;

  int64_t post(int64_t k) const { return rows[k]; }
  // Calls into the cache what lies 4 kB after weights [begin, end): looking up
  // units keeps a processor from reading so far ahead itself (sparse Hebb takes
  // 2.3 ms for 3.7 without). Nothing is read, so it may lie beyond the end.
  void CallSoon(int64_t begin, int64_t end) const {
    constexpr int64_t kLine = 64, kAhead = 4096 / sizeof(Real);
    for (int64_t k = begin; k < end; k += kLine / int64_t{sizeof(Real)}) {
      __builtin_prefetch(weights + kAhead + k, /*rw=*/1);
    }
    for (int64_t k = begin; k < end; k += kLine / int64_t{sizeof(int32_t)}) {
      __builtin_prefetch(rows + kAhead + k);
    }
  }
  int64_t Find(int64_t unit) const {
    int64_t begin = 0, end = size;
    while (begin < end) {
      const int64_t middle = begin + (end - begin) / 2;
      if (rows[middle] < unit) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin < size && rows[begin] == unit ? begin : -1;
  }
};

// Some columns of a weight matrix (n_post, n_pre), about 16 kB or one column,
// so that a rule and what follows it work in the nearest cache. Dense: whole
// columns without gap. Sparse: each column is a list of synapses.
template <class Real>
struct WeightTile {
  Real* weights;      // the first column's
  int64_t first_pre;  // of the tile's columns
  int64_t cols;
  int64_t n_post;
  // Sparse: where each column begins in the whole matrix, and where the last
  // one ends (cols + 1), and the postsynaptic units from the tile's first
  // synapse on. Null: dense.
  const int64_t* starts = nullptr;
  const int32_t* rows = nullptr;

  bool is_sparse() const { return starts != nullptr; }
  int64_t size() const {
    return is_sparse() ? starts[cols] - starts[0] : n_post * cols;
  }
};

// What follows a rule may see fewer columns at a time than the rule does.
template <class Real>
int64_t ToNextTile(const WeightTile<Real>& tile) {
  return std::max(tile.cols, kColumnsOfGroup) * tile.n_post;
}

// Calls visit(column) for each column of the tile, as DenseColumn or as
// SparseColumn: what is written once as a generic lambda serves both.
template <class Real, class Visit>
void ForColumns(const WeightTile<Real>& tile, Visit visit) {
  if (!tile.is_sparse()) {
    for (int64_t c = 0; c < tile.cols; ++c) {
      const int64_t offset = c * tile.n_post;
      visit(DenseColumn<Real>{tile.first_pre + c, tile.n_post, offset,
                              tile.weights + offset, ToNextTile(tile)});
    }
    return;
  }
  for (int64_t c = 0; c < tile.cols; ++c) {
    const int64_t offset = tile.starts[c] - tile.starts[0];
    visit(SparseColumn<Real>{tile.first_pre + c,
                             tile.starts[c + 1] - tile.starts[c], offset,
                             tile.weights + offset, tile.rows + offset});
  }
}

// As ForColumns, but the dense columns come in groups of four as far as they
// go: visit_four(columns), and visit_one(column) for the rest.
template <class Real, class VisitFour, class VisitOne>
void ForColumnGroups(const WeightTile<Real>& tile, VisitFour visit_four,
                     VisitOne visit_one) {
  const int64_t grouped = tile.is_sparse() ? 0 : tile.cols / 4 * 4;
  for (int64_t c = 0; c < grouped; c += 4) {
    const auto column = [&](int64_t at) {
      const int64_t offset = (c + at) * tile.n_post;
      return DenseColumn<Real>{tile.first_pre + c + at, tile.n_post, offset,
                               tile.weights + offset, ToNextTile(tile)};
    };
    const DenseColumn<Real> group[4] = {column(0), column(1), column(2),
                                        column(3)};
    visit_four(group);
  }
  WeightTile<Real> rest = tile;
  rest.weights += grouped * tile.n_post;
  rest.first_pre += grouped;
  rest.cols -= grouped;
  ForColumns(rest, visit_one);
}

}  // namespace engram
