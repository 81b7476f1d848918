#pragma once

#include <cstdint>

namespace engram::bench {

// The numbers that every contender of a row begins with; shared_numbers.py
// holds the same. Number k of stream s is splitmix64 (Steele, Lea and Flood
// 2014, doi:10.1145/2660193.2660195) at s 2^32 + k, in [0, 1) with 53 bits.
inline double SharedUniform(uint64_t stream, uint64_t k) {
  uint64_t z = ((stream << 32) + k) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  z = z ^ (z >> 31);
  return static_cast<double>(z >> 11) * 0x1p-53;
}

inline float SharedWeight(uint64_t stream, uint64_t k, double bound) {
  return static_cast<float>((2 * SharedUniform(stream, k) - 1) * bound);
}

}  // namespace engram::bench
