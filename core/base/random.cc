#include "core/base/random.h"

#include <Random123/philox.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/base/sha256.h"

namespace engram {
namespace {

constexpr int64_t kElements = int64_t{1} << 34;
constexpr uint32_t kHalf = uint32_t{1} << 31;

// 53 bits of which the last is set: never 0, never 1.
inline double OpenUnit(uint64_t word) {
  return static_cast<double>(static_cast<int64_t>((word >> 11) | 1)) * 0x1p-53;
}

inline uint64_t Join(uint32_t low, uint32_t high) {
  return (uint64_t{high} << 32) | low;
}

// Blocks side by side, so that the ten rounds run in packets. Word w of lane i
// is words[w][i].
constexpr size_t kLanes = 16;
using Lanes = std::array<std::array<uint32_t, kLanes>, 4>;

// One round (Salmon et al. 2011, section 4.3) on all lanes.
inline void Round(Lanes& c, uint32_t key0, uint32_t key1) {
  for (size_t i = 0; i < kLanes; ++i) {
    const uint64_t p0 = uint64_t{PHILOX_M4x32_0} * c[0][i];
    const uint64_t p1 = uint64_t{PHILOX_M4x32_1} * c[2][i];
    const uint32_t x1 = c[1][i], x3 = c[3][i];
    c[0][i] = static_cast<uint32_t>(p1 >> 32) ^ x1 ^ key0;
    c[1][i] = static_cast<uint32_t>(p1);
    c[2][i] = static_cast<uint32_t>(p0 >> 32) ^ x3 ^ key1;
    c[3][i] = static_cast<uint32_t>(p0);
  }
}

inline void TenRounds(Lanes& c, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    Round(c, key0, key1);
    key0 += PHILOX_W32_0;
    key1 += PHILOX_W32_1;
  }
}

// Counters of kLanes blocks: lane i is half i % 2 of element group
// `group` + i / 2.
inline void SetCounters(Lanes& c, int64_t step, uint32_t group) {
  const uint64_t s = static_cast<uint64_t>(step);
  for (uint32_t i = 0; i < kLanes; ++i) {
    c[0][i] = static_cast<uint32_t>(s);
    c[1][i] = static_cast<uint32_t>(s >> 32);
    c[2][i] = group + i / 2;
    c[3][i] = (i % 2) * kHalf;
  }
}

// out[0, 2 kLanes) for the elements from 4 `group` on.
inline void FillLanes(const uint32_t* key, int64_t step, uint32_t group,
                      double* out) {
  Lanes c;
  SetCounters(c, step, group);
  TenRounds(c, key[0], key[1]);
  for (size_t i = 0; i < kLanes; ++i) {
    out[2 * i] = OpenUnit(Join(c[0][i], c[1][i]));
    out[2 * i + 1] = OpenUnit(Join(c[2][i], c[3][i]));
  }
}

}  // namespace

RandomStream::RandomStream(uint64_t seed, absl::string_view path,
                           absl::string_view purpose) {
  // Lengths keep ("a", "bc") apart from ("ab", "c").
  const std::array<uint8_t, 32> digest =
      Sha256(absl::StrCat("engram random 1\n", seed, "\n", path.size(), " ",
                          path, "\n", purpose.size(), " ", purpose));
  for (size_t word = 0; word < 2; ++word) {
    key_[word] = 0;
    for (size_t byte = 0; byte < 4; ++byte) {
      key_[word] |= uint32_t{digest[4 * word + byte]} << (8 * byte);
    }
  }
}

uint64_t RandomStream::Word(int64_t element, int64_t step,
                            uint32_t draw) const {
  ENGRAM_EXPECT(element >= 0 && element < kElements && draw < kHalf);
  const uint64_t s = static_cast<uint64_t>(step);
  const uint32_t half = (element & 2) != 0 ? kHalf : 0;
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<uint32_t>(s), static_cast<uint32_t>(s >> 32),
       static_cast<uint32_t>(element >> 2), draw | half}};
  const r123::Philox4x32::key_type key = {{key_[0], key_[1]}};
  const r123::Philox4x32::ctr_type words = r123::Philox4x32()(counter, key);
  return (element & 1) != 0 ? Join(words[2], words[3])
                            : Join(words[0], words[1]);
}

double RandomStream::Uniform(int64_t element, int64_t step,
                             uint32_t draw) const {
  return OpenUnit(Word(element, step, draw));
}

double RandomStream::Normal(int64_t element, int64_t step,
                            uint32_t draw) const {
  const int64_t first = element & ~int64_t{1};
  std::array<double, 2> pair = {Uniform(first, step, draw),
                                Uniform(first + 1, step, draw)};
  math::NormalFromUniform(pair);
  return pair[static_cast<size_t>(element & 1)];
}

// Rejects the incomplete last multiple of `bound` below 2^64.
int64_t RandomStream::Below(int64_t bound, int64_t element,
                            int64_t step) const {
  ENGRAM_EXPECT(bound > 0);
  const uint64_t size = static_cast<uint64_t>(bound);
  const uint64_t excess = (0 - size) % size;  // 2^64 mod bound
  for (uint32_t draw = 0;; ++draw) {
    const uint64_t word = Word(element, step, draw);
    if (word >= excess) return static_cast<int64_t>(word % size);
  }
}

void RandomStream::Fill(int64_t step, std::span<double> out) const {
  FillFrom(0, step, out);
}

void RandomStream::FillFrom(int64_t first, int64_t step,
                            std::span<double> out) const {
  const int64_t size = static_cast<int64_t>(out.size());
  ENGRAM_EXPECT(first >= 0 && first % 4 == 0 && first + size <= kElements);
  constexpr size_t kChunk = 2 * kLanes;
  const uint32_t group = static_cast<uint32_t>(first / 4);
  size_t i = 0;
  for (; i + kChunk <= out.size(); i += kChunk) {
    FillLanes(key_, step, group + static_cast<uint32_t>(i / 4), out.data() + i);
  }
  if (i == out.size()) return;
  std::array<double, kChunk> rest;
  FillLanes(key_, step, group + static_cast<uint32_t>(i / 4), rest.data());
  std::copy_n(rest.data(), out.size() - i, out.data() + i);
}

void RandomStream::FillNormal(int64_t step, std::span<double> out) const {
  FillNormalFrom(0, step, out);
}

void RandomStream::FillNormalFrom(int64_t first, int64_t step,
                                  std::span<double> out) const {
  FillFrom(first, step, out);
  const size_t even = out.size() & ~size_t{1};
  math::NormalFromUniform(out.first(even));
  if (even != out.size()) {
    out[even] = Normal(first + static_cast<int64_t>(even), step);
  }
}

// Word w of block 16 `chunk` + i is element 16 w + i of the chunk: as the lanes
// hold them. The draw is the highest, which no other call takes.
void RandomStream::FillWords(int64_t chunk, int64_t step,
                             std::span<uint32_t, 64> out) const {
  ENGRAM_EXPECT(chunk >= 0 && chunk < kElements / 64);
  const uint64_t s = static_cast<uint64_t>(step);
  Lanes c;
  for (uint32_t i = 0; i < kLanes; ++i) {
    c[0][i] = static_cast<uint32_t>(s);
    c[1][i] = static_cast<uint32_t>(s >> 32);
    c[2][i] = static_cast<uint32_t>(chunk * 16) + i;
    c[3][i] = kHalf - 1;
  }
  TenRounds(c, key_[0], key_[1]);
  for (size_t w = 0; w < 4; ++w) {
    std::copy_n(c[w].data(), kLanes, out.data() + w * kLanes);
  }
}

void RandomStream::Permutation(int64_t step, std::span<int64_t> out) const {
  std::iota(out.begin(), out.end(), int64_t{0});
  for (size_t i = out.size(); i > 1; --i) {
    const int64_t n = static_cast<int64_t>(i);
    std::swap(out[i - 1], out[static_cast<size_t>(Below(n, n - 1, step))]);
  }
}

}  // namespace engram
