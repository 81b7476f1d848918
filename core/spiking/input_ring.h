#pragma once

#include <cstdint>

#include "core/base/array.h"

namespace engram {

// What will arrive at one receptor of a population: a column a step, as many as
// the longest delay has steps, used in turn.
template <class Real>
class InputRing {
 public:
  InputRing(int64_t units, int64_t slots) : values_(Stride(units), slots) {}

  // Between the columns: whole cache lines, so that shards share none.
  static int64_t Stride(int64_t units) { return (units + 63) / 64 * 64; }

  int64_t stride() const { return values_.rows(); }
  int64_t slots() const { return values_.cols(); }
  Real* Slot(int64_t step) {
    return values_.data() + step % slots() * stride();
  }
  Array<Real>& array() { return values_; }
  // Whether anything ever arrives; else it stays 0.
  bool is_used = false;

 private:
  Array<Real> values_;  // (stride, slots) [unit of the receptor]
};

}  // namespace engram
