#pragma once

#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace engram {

// Units that are moved as one: whole packets even where a unit is a byte.
inline constexpr int64_t kSpikeGroup = 64;
using WholeGroup = std::integral_constant<int64_t, kSpikeGroup>;

// 1 for each unit of a group that fires, else 0.
struct alignas(kSpikeGroup) FiredUnits {
  std::array<uint8_t, kSpikeGroup> flags;
};

// A bit for each unit of a group that fires.
[[gnu::always_inline]] inline uint64_t FiredBits(const FiredUnits& fired) {
#if defined(__AVX512BW__)
  const __m512i flags = _mm512_load_si512(fired.flags.data());
  return _mm512_test_epi8_mask(flags, flags);
#else
  static_assert(std::endian::native == std::endian::little);
  std::array<uint64_t, kSpikeGroup / 8> words;
  std::memcpy(words.data(), fired.flags.data(), sizeof(words));
  uint64_t any = 0;
  for (const uint64_t word : words) any |= word;
  if (any == 0) return 0;
  // No branch depends on where they are: the product brings the lowest bits of
  // a word's bytes together in its highest byte.
  constexpr uint64_t kTogether = 0x0102040810204080;
  uint64_t bits = 0;
  for (size_t w = 0; w < words.size(); ++w) {
    bits |= (words[w] * kTogether >> 56) << (8 * w);
  }
  return bits;
#endif
}

// Calls visit(k) for the units of a group that fire, ascending.
template <class Visit>
[[gnu::always_inline]] inline void ForFired(const FiredUnits& fired,
                                            Visit visit) {
  for (uint64_t bits = FiredBits(fired); bits != 0; bits &= bits - 1) {
    visit(std::countr_zero(bits));
  }
}

// Moves units group by group, so that each number of a unit is read and written
// once: move(at, n, flags) moves the units at, at + 1, ... and says which of
// them fire. In whole groups n is a constant, of which the compiler makes
// packets without a rest. Units that fire are then reset(unit) and written to
// `spikes`, ascending; gives their number. Few fire, and which cannot be
// foretold: looked for behind the arithmetic of many groups, they do not stop
// it.
template <class Move, class Reset>
[[gnu::always_inline]] inline int64_t StepInGroups(int64_t begin, int64_t end,
                                                   int32_t* spikes, Move move,
                                                   Reset reset) {
  constexpr int64_t kTile = 16;
  std::array<FiredUnits, kTile> fired;
  int64_t count = 0;
  for (int64_t tile = begin; tile < end; tile += kTile * kSpikeGroup) {
    const int64_t whole = std::min(kTile, (end - tile) / kSpikeGroup);
    for (int64_t g = 0; g < whole; ++g) {
      move(tile + g * kSpikeGroup, WholeGroup(),
           fired[static_cast<size_t>(g)].flags.data());
    }
    int64_t groups = whole;
    const int64_t at = tile + whole * kSpikeGroup;
    if (whole < kTile && at < end) {
      FiredUnits& last = fired[static_cast<size_t>(groups++)];
      last = {};
      move(at, end - at, last.flags.data());
    }
    for (int64_t g = 0; g < groups; ++g) {
      ForFired(fired[static_cast<size_t>(g)], [&](int64_t k) {
        const int64_t unit = tile + g * kSpikeGroup + k;
        reset(unit);
        spikes[count++] = static_cast<int32_t>(unit);
      });
    }
  }
  return count;
}

// As above where units have been moved already: writes those for which
// fires(k), counted from `begin`.
template <class Fires, class Reset>
int64_t CollectSpikes(int64_t begin, int64_t end, int32_t* spikes, Fires fires,
                      Reset reset) {
  return StepInGroups(
      begin, end, spikes,
      [&](int64_t at, auto size, uint8_t* flags) {
        const int64_t n = size;
        for (int64_t k = 0; k < n; ++k) {
          flags[k] = fires(at - begin + k) ? 1 : 0;
        }
      },
      [&](int64_t unit) { reset(unit - begin); });
}

}  // namespace engram
