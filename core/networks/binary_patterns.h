#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"
#include "core/base/random.h"

namespace engram {

// Patterns of +1 and -1, drawn independently and with equal chance, one bit
// each: 500 patterns of 10,000 units take 640 kB.
class BinaryPatterns {
 public:
  BinaryPatterns(int64_t patterns, int64_t units, const RandomStream& stream);

  int64_t count() const { return count_; }
  int64_t units() const { return bits_.cols(); }
  double sign(int64_t pattern, int64_t unit) const;  // -1 or 1
  void Copy(int64_t pattern, std::span<double> out) const;
  // (1/N) sum_i s_i xi_i for s of -1 and 1.
  double Overlap(int64_t pattern, std::span<const double> s) const;

  // sum over mu of xi_i^mu xi_j^mu, and of xi_i^(mu+1) xi_j^mu where the first
  // pattern follows the last.
  int32_t Product(int64_t i, int64_t j) const { return Sum(bits_, i, j); }
  int32_t SuccessorProduct(int64_t i, int64_t j) const {
    return Sum(successor_bits_, i, j);
  }

 private:
  int32_t Sum(const Array<int64_t>& of_i, int64_t i, int64_t j) const;

  int64_t count_;
  Array<int64_t> bits_;            // (n_words, n_units): pattern 64 w + b
  Array<int64_t> successor_bits_;  // of the pattern that follows
};

}  // namespace engram
