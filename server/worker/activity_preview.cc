#include "server/worker/activity_preview.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/contract.h"

namespace engram {
namespace {

// 128 rows times 2^56 still fit 64 bits, and rows of up to 2^28 units are
// exact: rounding scale_ up adds less than 1 / units to the quotient.
constexpr int kScaleBits = 56;
constexpr int64_t kMostUnits = int64_t{1} << 28;

uint64_t ScaleOf(int64_t units, int rows) {
  ENGRAM_EXPECT(units > 0 && units < kMostUnits);
  const auto n = static_cast<uint64_t>(units);
  return ((static_cast<uint64_t>(rows) << kScaleBits) + n - 1) / n;
}

}  // namespace

ActivityPreview::ActivityPreview(PopulationInfo population)
    : population_(std::move(population)),
      rows_(static_cast<int>(std::min<int64_t>(population_.units, kRows))),
      scale_(ScaleOf(population_.units, rows_)) {}

void ActivityPreview::Add(int64_t begin, int64_t end,
                          std::span<const int64_t> steps,
                          std::span<const int32_t> units) {
  if (begin != end_) BeginAt(begin);
  end_ = end;
  while (((end_ - begin_ - 1) >> shift_) >= kColumns) Halve();
  for (size_t i = 0; i < steps.size(); ++i) {
    Column& column =
        columns_[static_cast<size_t>((steps[i] - begin_) >> shift_)];
    const uint64_t row = static_cast<uint64_t>(units[i]) * scale_ >> kScaleBits;
    column.cells[row / 64] |= uint64_t{1} << (row % 64);
    ++column.count;
  }
}

void ActivityPreview::BeginAt(int64_t step) {
  columns_.fill(Column{});
  begin_ = end_ = step;
  shift_ = 0;
}

void ActivityPreview::Halve() {
  for (size_t i = 0; i < kColumns / 2; ++i) {
    Column joined = columns_[2 * i];
    const Column& other = columns_[2 * i + 1];
    for (size_t w = 0; w < joined.cells.size(); ++w) {
      joined.cells[w] |= other.cells[w];
    }
    joined.count += other.count;
    columns_[i] = joined;
  }
  std::fill(columns_.begin() + kColumns / 2, columns_.end(), Column{});
  ++shift_;
}

v1::Activity ActivityPreview::Take() {
  v1::Activity activity;
  activity.set_population(population_.name);
  activity.set_unit_count(population_.units);
  activity.set_dt(population_.dt);
  activity.set_begin_step(begin_);
  activity.set_end_step(end_);
  activity.set_column_steps(int64_t{1} << shift_);
  activity.set_rows(rows_);
  const int64_t used = (end_ - begin_ + (int64_t{1} << shift_) - 1) >> shift_;
  const auto rows = static_cast<size_t>(rows_);
  std::string cells((static_cast<size_t>(used) * rows + 7) / 8, '\0');
  for (size_t c = 0; c < static_cast<size_t>(used); ++c) {
    activity.add_counts(columns_[c].count);
    for (size_t r = 0; r < rows; ++r) {
      const size_t bit = c * rows + r;
      const uint64_t is_set = columns_[c].cells[r / 64] >> (r % 64) & 1;
      cells[bit / 8] = static_cast<char>(
          static_cast<unsigned char>(cells[bit / 8]) | is_set << (bit % 8));
    }
  }
  activity.set_cells(std::move(cells));
  BeginAt(end_);
  return activity;
}

}  // namespace engram
