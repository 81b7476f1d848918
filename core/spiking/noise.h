#pragma once

#include <array>
#include <cstdint>

#include "core/base/random.h"

namespace engram {

// Random numbers in bulk, for input that is drawn anew for every unit and step:
// chunks of 64 units, 32 random bits a unit.
inline constexpr int64_t kNoiseUnits = 64;
using NoiseWords = std::array<uint32_t, kNoiseUnits>;
using NoiseNumbers = std::array<float, kNoiseUnits>;

// Standard normal numbers in single precision, from one word each (Box and
// Muller 1958, doi:10.1214/aoms/1177706645): words 0..15 and 32..47 give radii,
// the 16 after them angles. Errors of 1e-6; none is above 6.8.
void NormalsOf(const NoiseWords& words, NoiseNumbers& out);

// Calls visit(numbers, k, count, at) for the units [begin, end) in pieces, each
// of one chunk: numbers[at + i] is that of unit k + i, of `count` units.
// `draw(chunk, numbers)` fills a chunk: that of units from 64 chunk on.
template <class Numbers, class Draw, class Visit>
void ForNoise(int64_t begin, int64_t end, Draw draw, Visit visit) {
  Numbers numbers;
  for (int64_t k = begin; k < end;) {
    const int64_t chunk = k / kNoiseUnits, at = k % kNoiseUnits;
    const int64_t count =
        end - k < kNoiseUnits - at ? end - k : kNoiseUnits - at;
    draw(chunk, numbers);
    visit(numbers, k, count, at);
    k += count;
  }
}

}  // namespace engram
