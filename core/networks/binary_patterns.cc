#include "core/networks/binary_patterns.h"

#include <bit>
#include <vector>

#include "core/base/contract.h"

namespace engram {
namespace {

constexpr int64_t kBits = 64;

void SetBit(Array<int64_t>& bits, int64_t pattern, int64_t unit) {
  bits(pattern / kBits, unit) |= static_cast<int64_t>(
      uint64_t{1} << static_cast<uint64_t>(pattern % kBits));
}

}  // namespace

BinaryPatterns::BinaryPatterns(int64_t patterns, int64_t units,
                               const RandomStream& stream)
    : count_(patterns),
      bits_((patterns + kBits - 1) / kBits, units),
      successor_bits_(bits_.rows(), units) {
  ENGRAM_EXPECT(patterns >= 1);
  std::vector<double> drawn(static_cast<size_t>(units));
  for (int64_t mu = 0; mu < patterns; ++mu) {
    stream.Fill(mu, drawn);
    const int64_t before = (mu + patterns - 1) % patterns;
    for (int64_t i = 0; i < units; ++i) {
      if (drawn[static_cast<size_t>(i)] < 0.5) continue;
      SetBit(bits_, mu, i);
      SetBit(successor_bits_, before, i);
    }
  }
}

double BinaryPatterns::sign(int64_t pattern, int64_t unit) const {
  const uint64_t word = static_cast<uint64_t>(bits_(pattern / kBits, unit));
  return ((word >> static_cast<uint64_t>(pattern % kBits)) & 1) != 0 ? 1 : -1;
}

void BinaryPatterns::Copy(int64_t pattern, std::span<double> out) const {
  ENGRAM_EXPECT(static_cast<int64_t>(out.size()) == units());
  for (int64_t i = 0; i < units(); ++i) {
    out[static_cast<size_t>(i)] = sign(pattern, i);
  }
}

// A sum of whole numbers: exact in any order.
double BinaryPatterns::Overlap(int64_t pattern,
                               std::span<const double> s) const {
  double sum = 0;
  for (int64_t i = 0; i < units(); ++i) {
    sum += s[static_cast<size_t>(i)] * sign(pattern, i);
  }
  return sum / static_cast<double>(units());
}

// Agreements less disagreements: bits behind the last pattern are 0 in both.
int32_t BinaryPatterns::Sum(const Array<int64_t>& of_i, int64_t i,
                            int64_t j) const {
  int differ = 0;
  for (int64_t w = 0; w < bits_.rows(); ++w) {
    differ += std::popcount(static_cast<uint64_t>(of_i(w, i) ^ bits_(w, j)));
  }
  return static_cast<int32_t>(count_) - 2 * differ;
}

}  // namespace engram
