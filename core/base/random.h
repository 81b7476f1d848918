#pragma once

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"

namespace engram {

// Addressed randomness: every number has an address (seed, path, purpose,
// step, element, draw), so none depends on threads, batches or what is
// recorded.
//
//   key      the first 64 bits of SHA-256(seed, path of the component, purpose)
//   counter  (step, element / 4, draw) of Philox4x32-10 (Salmon et al. 2011,
//            doi:10.1145/2063384.2063405): 64, 32 and 31 bits. The last bit
//            says which two of the four elements a block of 128 bits gives.
//
// The purpose text is part of every stored result: it is never reworded.
// Elements are below 2^34, draws below 2^31. Thread-safe.
class RandomStream {
 public:
  RandomStream(uint64_t seed, absl::string_view path,
               absl::string_view purpose);

  // Uniform in the open interval (0, 1): an odd multiple of 2^-53.
  double Uniform(int64_t element, int64_t step, uint32_t draw = 0) const;
  // Standard normal (Box and Muller 1958): elements 2 j and 2 j + 1 are the
  // cosine and the sine of one pair.
  double Normal(int64_t element, int64_t step, uint32_t draw = 0) const;
  // Uniform integer in [0, bound), without bias: candidates are numbered draws,
  // the first that is accepted counts.
  int64_t Below(int64_t bound, int64_t element, int64_t step) const;

  // out[i] == Uniform(i, step), many times faster than single draws.
  void Fill(int64_t step, std::span<double> out) const;
  // out[i] == Normal(i, step).
  void FillNormal(int64_t step, std::span<double> out) const;
  // The same for elements from `first` on, a multiple of 4: out[i] ==
  // Uniform(first + i, step).
  void FillFrom(int64_t first, int64_t step, std::span<double> out) const;
  void FillNormalFrom(int64_t first, int64_t step, std::span<double> out) const;
  // 32 random bits for each of 64 elements, from element 64 `chunk` on, four to
  // a block of the generator: for noise in bulk. Other numbers than those of
  // Uniform.
  void FillWords(int64_t chunk, int64_t step,
                 std::span<uint32_t, 64> out) const;
  // A permutation of 0..n-1 (Fisher-Yates); the same for the same step.
  void Permutation(int64_t step, std::span<int64_t> out) const;

 private:
  uint64_t Word(int64_t element, int64_t step, uint32_t draw) const;

  uint32_t key_[2];
};

}  // namespace engram
