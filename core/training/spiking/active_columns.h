#pragma once

#if defined(__AVX512F__) && defined(__AVX512VL__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "core/training/layer.h"
#include "core/training/products/tile.h"

// Sums over what is active, for layers in which few units spike: only columns
// of weights whose unit is active are visited, and only errors of the steps in
// which it was. Sums stay in registers meanwhile and run in ascending order.
namespace engram {

// The j of every x[j] that is not 0, ascending; returns how many. No branch
// depends on which they are. Writes up to kActiveSlack numbers behind n.
template <class Real>
int64_t ActiveIndices(const Real* x, int64_t n, int32_t* indices) {
  int64_t count = 0, j = 0;
#if defined(__AVX512F__) && defined(__AVX512VL__)
  if constexpr (std::is_same_v<Real, float>) {
    __m512i index =
        _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    for (; j + 16 <= n; j += 16) {
      const __mmask16 active = _mm512_cmp_ps_mask(
          _mm512_loadu_ps(x + j), _mm512_setzero_ps(), _CMP_NEQ_UQ);
      _mm512_storeu_si512(indices + count,
                          _mm512_maskz_compress_epi32(active, index));
      count += __builtin_popcount(active);
      index = _mm512_add_epi32(index, _mm512_set1_epi32(16));
    }
  }
#endif
  for (; j < n; ++j) {
    indices[count] = static_cast<int32_t>(j);
    count += x[j] != Real{0} ? 1 : 0;
  }
  return count;
}

// Sums that registers hold at a time.
inline constexpr int kActivePackets = products::kTileColumns == 8 ? 16 : 8;

// Calls add(i, packets) for rows from i on, as many as fill so many packets, a
// constant; returns the first row of a rest.
template <class Real, int kPackets = kActivePackets, class F>
[[gnu::always_inline]] inline int64_t ForPackets(int64_t rows, F add,
                                                 int64_t i = 0) {
  constexpr int64_t kWidth = kPackets * products::kLanes<Real>;
  for (; i + kWidth <= rows; i += kWidth) {
    add(i, std::integral_constant<int, kPackets>());
  }
  if constexpr (kPackets > 1)
    return ForPackets<Real, kPackets / 2>(rows, add, i);
  return i;
}

// sum[i] += column(k)[i] factor(k) for k < count and kPackets packets of rows.
template <class Real, int kPackets, class Column, class Factor>
[[gnu::always_inline]] inline void AddToPackets(int64_t count, Column column,
                                                Factor factor, Real* sum) {
  namespace packets = Eigen::internal;
  using Packet = products::Packet<Real>;
  constexpr int kLanes = products::kLanes<Real>;
  Packet sums[kPackets];
#pragma GCC unroll 16
  for (int p = 0; p < kPackets; ++p) {
    sums[p] = packets::ploadu<Packet>(sum + p * kLanes);
  }
  for (int64_t k = 0; k < count; ++k) {
    const Real* from = column(k);
    const auto by = packets::pset1<Packet>(factor(k));
#pragma GCC unroll 16
    for (int p = 0; p < kPackets; ++p) {
      sums[p] = packets::pmadd(packets::ploadu<Packet>(from + p * kLanes), by,
                               sums[p]);
    }
  }
#pragma GCC unroll 16
  for (int p = 0; p < kPackets; ++p) {
    packets::pstoreu(sum + p * kLanes, sums[p]);
  }
}

// sum += column(0) factor(0) + column(1) factor(1) + ..., for all rows.
template <class Real, class Column, class Factor>
void AddScaled(int64_t rows, int64_t count, Column column, Factor factor,
               Real* sum) {
  const int64_t rest = ForPackets<Real>(rows, [&](int64_t i, auto packets) {
    AddToPackets<Real, packets>(
        count, [&](int64_t k) { return column(k) + i; }, factor, sum + i);
  });
  for (int64_t i = rest; i < rows; ++i) {
    for (int64_t k = 0; k < count; ++k) sum[i] += column(k)[i] * factor(k);
  }
}

// sum += W x for columns of W (rows, n) whose x is not 0. `indices` has room
// for n and kActiveSlack.
template <class Real>
void AddActiveColumns(const Real* w, int64_t rows, const Real* x, int64_t n,
                      int32_t* indices, Real* sum) {
  const int64_t count = ActiveIndices(x, n, indices);
  AddScaled<Real>(
      rows, count, [&](int64_t k) { return w + rows * indices[k]; },
      [&](int64_t k) { return x[indices[k]]; }, sum);
}

// For each of `sources` rows of x, whose columns are `height` apart, the
// columns in which it is not 0: `stride` numbers a source, the first says how
// many follow.
template <class Real>
void ListActive(const Real* x, int64_t height, int64_t sources, int64_t columns,
                int32_t* indices, uint16_t* lists, int64_t stride) {
  for (int64_t j = 0; j < sources; ++j) lists[stride * j] = 0;
  for (int64_t c = 0; c < columns; ++c) {
    const int64_t count = ActiveIndices(x + height * c, sources, indices);
    for (int64_t k = 0; k < count; ++k) {
      uint16_t* list = lists + stride * indices[k];
      list[++list[0]] = static_cast<uint16_t>(c);
    }
  }
}

// gradient(:, j) += errors(:, c) x(j, c) over the columns of the list of source
// j, for errors (rows, columns) and x with columns `height` apart.
template <class Real>
void AddListedOuter(const Real* errors, int64_t rows, const Real* x,
                    int64_t height, int64_t sources, const uint16_t* lists,
                    int64_t stride, Real* gradient) {
  for (int64_t j = 0; j < sources; ++j) {
    const uint16_t* list = lists + stride * j;
    AddScaled<Real>(
        rows, list[0], [&](int64_t k) { return errors + rows * list[k + 1]; },
        [&](int64_t k) { return x[height * list[k + 1] + j]; },
        gradient + rows * j);
  }
}

}  // namespace engram
