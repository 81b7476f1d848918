#include "core/training/products/products.h"

#include <algorithm>
#include <type_traits>

#include "core/training/products/tile.h"

namespace engram {
namespace {

using products::Across;
using products::Down;
using products::kLanes;
using products::kPanelRows;
using products::kTileColumns;
using products::kTilePackets;
using products::Tile;

// Terms of a sum that are added before another panel's turn: those of a panel
// fit the first cache, and a sum is kept in memory meanwhile, exactly.
constexpr int64_t kDepth = 256;

// Calls tile(j, width) for columns j to j + width, a constant.
template <class F>
[[gnu::always_inline]] inline void ForColumns(int64_t count, F tile) {
  int64_t j = 0;
  for (; j + kTileColumns <= count; j += kTileColumns) {
    tile(j, std::integral_constant<int, kTileColumns>());
  }
  if constexpr (kTileColumns > 4) {
    if (j + 4 <= count) {
      tile(j, std::integral_constant<int, 4>());
      j += 4;
    }
  }
  if (j + 2 <= count) {
    tile(j, std::integral_constant<int, 2>());
    j += 2;
  }
  if (j < count) tile(j, std::integral_constant<int, 1>());
}

// Of the panel's first `rows` rows: what a tile has below them goes to a place
// of its own.
template <class Real, int kColumns, int kChains, class X>
void PanelTile(const Real* panel, int64_t rows, int64_t depth, X x,
               Columns<Real> start, Real* out, int64_t out_stride) {
  constexpr int64_t kRows = kPanelRows<Real>;
  if (rows >= kRows) {
    Tile<Real, kTilePackets, kColumns, kChains>(panel, depth, x, start.data,
                                                start.stride, out, out_stride);
    return;
  }
  alignas(64) Real part[kColumns * kRows] = {};
  for (int64_t j = 0; j < kColumns; ++j) {
    std::copy_n(start.data + start.stride * j, rows, part + kRows * j);
  }
  if (rows <= kLanes<Real>) {
    Tile<Real, 1, kColumns, kChains>(panel, depth, x, part, kRows, part, kRows);
  } else {
    Tile<Real, kTilePackets, kColumns, kChains>(panel, depth, x, part, kRows,
                                                part, kRows);
  }
  for (int64_t j = 0; j < kColumns; ++j) {
    std::copy_n(part + kRows * j, rows, out + out_stride * j);
  }
}

// Columns of one panel from rows [first, ...) of a.
template <class Real>
void PackPanel(Columns<Real> a, int64_t rows, int64_t cols, Real* panel) {
  constexpr int64_t kRows = kPanelRows<Real>;
  if (rows >= kRows) {
    for (int64_t k = 0; k < cols; ++k) {
      const Real* column = a.data + a.stride * k;
      for (int64_t i = 0; i < kRows; ++i) panel[kRows * k + i] = column[i];
    }
    return;
  }
  for (int64_t k = 0; k < cols; ++k) {
    std::copy_n(a.data + a.stride * k, rows, panel + kRows * k);
    std::fill(panel + kRows * k + rows, panel + kRows * (k + 1), Real{0});
  }
}

template <class Real>
void AddOuterChunk(const Real* panel, int64_t rows, int64_t first,
                   int64_t depth, const OuterSum<Real>& of, int64_t at_row) {
  const Real* x = of.x.data + of.x.stride * first;
  ForColumns(of.rows, [&](int64_t j, auto width) {
    // Few sums at a time leave registers idle: several chains each.
    constexpr int kChains = width == 1 ? 4 : width == 2 ? 2 : 1;
    Real* sum = of.sum + of.stride * j + at_row;
    PanelTile<Real, width, kChains>(panel, rows, depth,
                                    Across<Real>{x + j, of.x.stride},
                                    {sum, of.stride}, sum, of.stride);
  });
}

}  // namespace

template <class Real>
int64_t PanelsSize(int64_t rows, int64_t cols) {
  constexpr int64_t kRows = kPanelRows<Real>;
  constexpr int64_t kUnit = 64 / sizeof(Real);
  const int64_t size = (rows + kRows - 1) / kRows * kRows * cols;
  return (size + kUnit - 1) / kUnit * kUnit;
}

template <class Real>
Panels<Real> Pack(Columns<Real> a, int64_t rows, int64_t cols, Real* panels) {
  constexpr int64_t kRows = kPanelRows<Real>;
  for (int64_t i = 0; i < rows; i += kRows) {
    PackPanel<Real>({a.data + i, a.stride}, rows - i, cols, panels + cols * i);
  }
  return {panels, rows, cols};
}

template <class Real>
Panels<Real> PackTransposed(Columns<Real> a, int64_t rows, int64_t cols,
                            Real* panels) {
  constexpr int64_t kRows = kPanelRows<Real>;
  for (int64_t i = 0; i < cols; i += kRows) {
    Real* panel = panels + rows * i;
    const int64_t height = std::min(kRows, cols - i);
    if (height < kRows) std::fill_n(panel, kRows * rows, Real{0});
    for (int64_t r = 0; r < height; ++r) {
      const Real* column = a.data + a.stride * (i + r);
      for (int64_t k = 0; k < rows; ++k) panel[kRows * k + r] = column[k];
    }
  }
  return {panels, cols, rows};
}

template <class Real>
void Multiply(Panels<Real> a, Columns<Real> x, int64_t count,
              Columns<Real> start, Real* out, int64_t out_stride) {
  constexpr int64_t kRows = kPanelRows<Real>;
  int64_t k = 0;
  do {
    const int64_t depth = std::min(kDepth, a.cols - k);
    for (int64_t i = 0; i < a.rows; i += kRows) {
      const Real* panel = a.data + a.cols * i + kRows * k;
      ForColumns(count, [&](int64_t j, auto width) {
        PanelTile<Real, width, 1>(
            panel, a.rows - i, depth,
            Down<Real>{x.data + x.stride * j + k, x.stride},
            {start.data + start.stride * j + i, start.stride},
            out + out_stride * j + i, out_stride);
      });
    }
    start = {out, out_stride};
    k += depth;
  } while (k < a.cols);
}

template <class Real>
void AddOuterProducts(Columns<Real> e, int64_t rows, int64_t count,
                      std::span<const OuterSum<Real>> sums) {
  constexpr int64_t kRows = kPanelRows<Real>;
  alignas(64) Real panel[kRows * kDepth];
  for (int64_t first = 0; first < count; first += kDepth) {
    const int64_t depth = std::min(kDepth, count - first);
    for (int64_t i = 0; i < rows; i += kRows) {
      PackPanel<Real>({e.data + e.stride * first + i, e.stride}, rows - i,
                      depth, panel);
      for (const OuterSum<Real>& sum : sums) {
        AddOuterChunk(panel, rows - i, first, depth, sum, i);
      }
    }
  }
}

#define ENGRAM_PRODUCTS(Real)                                                 \
  template int64_t PanelsSize<Real>(int64_t, int64_t);                        \
  template Panels<Real> Pack(Columns<Real>, int64_t, int64_t, Real*);         \
  template Panels<Real> PackTransposed(Columns<Real>, int64_t, int64_t,       \
                                       Real*);                                \
  template void Multiply(Panels<Real>, Columns<Real>, int64_t, Columns<Real>, \
                         Real*, int64_t);                                     \
  template void AddOuterProducts(Columns<Real>, int64_t, int64_t,             \
                                 std::span<const OuterSum<Real>>)
ENGRAM_PRODUCTS(float);
ENGRAM_PRODUCTS(double);
#undef ENGRAM_PRODUCTS

}  // namespace engram
