#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/programs/recorder.h"
#include "engram/v1/activity.pb.h"

namespace engram {

// Gathers what a population does into a picture of fixed size: rows of units,
// columns of time. A stretch that outgrows it has columns of twice the length,
// so however long nobody takes the picture, it stays as large as it is, and a
// spike costs a few operations.
class ActivityPreview {
 public:
  static constexpr int kRows = 128;    // at most, for so many units or more
  static constexpr int kColumns = 64;  // at most

  explicit ActivityPreview(PopulationInfo population);

  // What happened from `begin` to before `end`, as Recorder::Activity tells it.
  // Where that does not go on from what is there, the picture begins again.
  void Add(int64_t begin, int64_t end, std::span<const int64_t> steps,
           std::span<const int32_t> units);

  // The picture; the next one begins where it ends.
  v1::Activity Take();

 private:
  struct Column {
    std::array<uint64_t, kRows / 64> cells{};
    int64_t count = 0;
  };

  void BeginAt(int64_t step);
  void Halve();

  const PopulationInfo population_;
  const int rows_;
  // unit * scale_ >> kScaleBits is its row, without a division.
  const uint64_t scale_;
  int64_t begin_ = 0;
  int64_t end_ = 0;
  int shift_ = 0;  // a column has 2^shift_ steps
  std::array<Column, kColumns> columns_;
};

}  // namespace engram
