#pragma once

#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"

namespace engram {

// Addressed randomness: every number has an address (seed, path, purpose,
// step, element), so none depends on threads, batches or what is recorded.
//
//   key      64 bits of SHA-256(seed, path of the component, purpose)
//   counter  (step, element / 4, draw) of Philox4x32-10 (Salmon et al. 2011,
//            doi:10.1145/2063384.2063405)
//
// The purpose text is part of every stored result: it is never reworded.
// Thread-safe.
class RandomStream {
 public:
  RandomStream(uint64_t seed, absl::string_view path,
               absl::string_view purpose);

  // Uniform in the open interval (0, 1), 53 bits.
  double Uniform(int64_t element, int64_t step, uint32_t draw = 0) const;
  // Standard normal (Box-Muller).
  double Normal(int64_t element, int64_t step, uint32_t draw = 0) const;
  // Uniform integer in [0, bound), without bias.
  int64_t Below(int64_t bound, int64_t element, int64_t step) const;

  // out[i] == Uniform(i, step), many times faster than single draws.
  void Fill(int64_t step, std::span<double> out) const;
  // out[i] == Normal(i, step).
  void FillNormal(int64_t step, std::span<double> out) const;
  // A permutation of 0..n-1 (Fisher-Yates); the same for the same step.
  void Permutation(int64_t step, std::span<int64_t> out) const;

 private:
  uint64_t key_;
};

}  // namespace engram
