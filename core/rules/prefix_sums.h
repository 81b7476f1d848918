#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

namespace engram {

// 64 bytes of numbers that are worked on side by side, on any processor: one
// without so wide registers does it in pieces, with the same bits.
template <class Real>
struct Lanes {
  static constexpr int kCount = 64 / sizeof(Real);
  typedef Real Vector __attribute__((vector_size(64)));
  Vector v;
};

// x moved up by kBy lanes, with zeros below.
template <class Real, int kBy, size_t... kLane>
void ShiftUp(const Lanes<Real>& x, Lanes<Real>& shifted,
             std::index_sequence<kLane...>) {
  constexpr int kCount = Lanes<Real>::kCount;
  const typename Lanes<Real>::Vector zero = {};
  shifted.v = __builtin_shufflevector(
      zero, x.v,
      (static_cast<int>(kLane) < kBy
           ? static_cast<int>(kLane)
           : kCount + static_cast<int>(kLane) - kBy)...);
}

// All lanes as the last one.
template <class Real, size_t... kLane>
void SpreadLast(Lanes<Real>& x, std::index_sequence<kLane...>) {
  x.v = __builtin_shufflevector(
      x.v, x.v, (static_cast<int>(kLane) * 0 + Lanes<Real>::kCount - 1)...);
}

// Lane k <- the sum of lanes 0 .. k, pairs of neighbours first.
template <class Real, int kBy = 1>
void SumUp(Lanes<Real>& x) {
  if constexpr (kBy < Lanes<Real>::kCount) {
    Lanes<Real> shifted;
    ShiftUp<Real, kBy>(x, shifted,
                       std::make_index_sequence<Lanes<Real>::kCount>());
    x.v += shifted.v;
    SumUp<Real, 2 * kBy>(x);
  }
}

// rest[k] <- left - (x(0) + ... + x(k)) for k in [0, n), n a multiple of the
// lanes, where x(k) gives the numbers k, k + 1, ... as lanes; gives the last of
// them. The order of additions follows from n alone. Along the way the n
// numbers at `soon` are called into the cache to be changed next; they may lie
// beyond the end of an array, as none is read.
template <class Real, class At>
Real RunDown(Real left, At x, Real* rest, int64_t n, const Real* soon) {
  constexpr int64_t kCount = Lanes<Real>::kCount;
  Lanes<Real> carry;
  carry.v = left - typename Lanes<Real>::Vector{};
  for (int64_t k = 0; k < n; k += kCount) {
    Lanes<Real> sum = x(k);
    SumUp(sum);
    const typename Lanes<Real>::Vector here = carry.v - sum.v;
    std::memcpy(rest + k, &here, sizeof here);
    SpreadLast(sum, std::make_index_sequence<kCount>());
    carry.v -= sum.v;
    __builtin_prefetch(soon + k, /*rw=*/1);
  }
  return carry.v[0];
}

template <class Real>
Lanes<Real> LanesAt(const Real* x) {
  Lanes<Real> lanes;
  std::memcpy(&lanes.v, x, sizeof lanes.v);
  return lanes;
}

}  // namespace engram
