#pragma once

#include <Eigen/Core>
#include <cstdint>

// A tile of a matrix product, held in the machine's widest registers.
//
// Eigen's packets are used by name: one source for all instruction sets, with a
// fused product and sum wherever the build has one, and no other order of sums
// than the one written here.
namespace engram::products {

template <class Real>
using Packet = typename Eigen::internal::packet_traits<Real>::type;
template <class Real>
inline constexpr int kLanes =
    Eigen::internal::unpacket_traits<Packet<Real>>::size;

// Two packets of rows by eight columns: 16 sums run at a time, more than the
// eight that two units of four cycles keep busy, and 3 of 5 loads are shared.
// Half as many columns where there are 16 registers.
inline constexpr int kTilePackets = 2;
#if defined(EIGEN_VECTORIZE_AVX512) || defined(EIGEN_VECTORIZE_NEON)
inline constexpr int kTileColumns = 8;
#else
inline constexpr int kTileColumns = 4;
#endif
template <class Real>
inline constexpr int kPanelRows = kTilePackets * kLanes<Real>;

// x(k, j) where the numbers of a sum lie side by side, and where those of
// different sums do.
template <class Real>
struct Down {
  const Real* data;
  int64_t stride;
  [[gnu::always_inline]] Real operator()(int64_t k, int64_t j) const {
    return data[j * stride + k];
  }
};
template <class Real>
struct Across {
  const Real* data;
  int64_t stride;
  [[gnu::always_inline]] Real operator()(int64_t k, int64_t j) const {
    return data[k * stride + j];
  }
};

// out(i, j) = start(i, j) + sum over k of a(i, k) x(k, j) for kPackets packets
// of rows and kColumns columns. Columns of `a` are a panel's rows apart. Number
// k of the sum belongs to chain k % kChains, each in its order; the first
// begins at `start`, which may be `out`.
template <class Real, int kPackets, int kColumns, int kChains, class X>
[[gnu::always_inline]] inline void Tile(const Real* a, int64_t depth, X x,
                                        const Real* start, int64_t start_stride,
                                        Real* out, int64_t out_stride) {
  static_assert(kChains == 1 || kChains == 2 || kChains == 4);
  namespace packets = Eigen::internal;
  Packet<Real> sum[kChains][kColumns][kPackets];
#pragma GCC unroll 8
  for (int j = 0; j < kColumns; ++j) {
#pragma GCC unroll 2
    for (int p = 0; p < kPackets; ++p) {
      sum[0][j][p] = packets::ploadu<Packet<Real>>(start + j * start_stride +
                                                   p * kLanes<Real>);
#pragma GCC unroll 4
      for (int chain = 1; chain < kChains; ++chain) {
        sum[chain][j][p] = packets::pset1<Packet<Real>>(Real{0});
      }
    }
  }
  const auto add = [&](int64_t k, auto& sums) __attribute__((always_inline)) {
    Packet<Real> column[kPackets];
#pragma GCC unroll 2
    for (int p = 0; p < kPackets; ++p) {
      column[p] = packets::pload<Packet<Real>>(a + k * kPanelRows<Real> +
                                               p * kLanes<Real>);
    }
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j) {
      const auto factor = packets::pset1<Packet<Real>>(x(k, j));
#pragma GCC unroll 2
      for (int p = 0; p < kPackets; ++p) {
        sums[j][p] = packets::pmadd(column[p], factor, sums[j][p]);
      }
    }
  };
  int64_t k = 0;
  for (; k + kChains <= depth; k += kChains) {
#pragma GCC unroll 4
    for (int chain = 0; chain < kChains; ++chain) add(k + chain, sum[chain]);
  }
  for (; k < depth; ++k) add(k, sum[0]);
#pragma GCC unroll 8
  for (int j = 0; j < kColumns; ++j) {
#pragma GCC unroll 2
    for (int p = 0; p < kPackets; ++p) {
      Packet<Real> whole = sum[0][j][p];
      if constexpr (kChains > 1) whole = packets::padd(whole, sum[1][j][p]);
      if constexpr (kChains == 4) {
        whole = packets::padd(whole, packets::padd(sum[2][j][p], sum[3][j][p]));
      }
      packets::pstoreu(out + j * out_stride + p * kLanes<Real>, whole);
    }
  }
}

}  // namespace engram::products
