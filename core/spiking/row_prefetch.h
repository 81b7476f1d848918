#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/spiking/synapse_table.h"

namespace engram {

// Rows of a table that outgrows the caches lie anywhere in memory, so they are
// sent for a few rows before they are read, and where they begin a few rows
// before that. A smaller table is near anyway.
//
// All of these are inlined: GCC 12 takes a function that only prefetches to do
// nothing, and drops calls of it.
class RowPrefetch {
 public:
  template <class Real>
  explicit RowPrefetch(const SynapseTable<Real>& table)
      : is_needed_(table.bytes() >= kNearBytes),
        ahead_(is_needed_ ? RowsAhead(table) : 0) {}

  // Before the first of `size` rows, row_of(n) each or -1 for none.
  template <class Real, class RowOf>
  [[gnu::always_inline]] void Begin(const SynapseTable<Real>& table,
                                    size_t size, const RowOf& row_of) const {
    if (!is_needed_) return;
    const size_t starts = std::min(size, kStarts);
    const size_t rows = std::min(size, ahead_);
    for (size_t n = 0; n < starts; ++n) SendForStart(table, row_of(n));
    for (size_t n = 0; n < rows; ++n) SendForRow(table, row_of(n));
  }
  // Before row n.
  template <class Real, class RowOf>
  [[gnu::always_inline]] void Next(const SynapseTable<Real>& table, size_t size,
                                   size_t n, const RowOf& row_of) const {
    if (!is_needed_) return;
    if (n + kStarts < size) SendForStart(table, row_of(n + kStarts));
    if (n + ahead_ < size) SendForRow(table, row_of(n + ahead_));
  }

 private:
  static constexpr size_t kNearBytes = 1 << 19;
  static constexpr size_t kStarts = 16;  // ahead
  // Of a row; the processor goes on by itself.
  static constexpr uint32_t kMostSynapses = 512;

  // As many rows as keep memory busy: of short ones more.
  template <class Real>
  static size_t RowsAhead(const SynapseTable<Real>& table) {
    constexpr size_t kFewest = 4, kMost = 10, kLinesAhead = 80;
    const size_t rows = std::max<size_t>(1, static_cast<size_t>(table.rows()));
    // The ends of weights and offsets share their lines with other rows.
    const size_t lines = table.bytes() / (64 * rows) + 2;
    return std::clamp(kLinesAhead / lines, kFewest, kMost);
  }

  template <class Real>
  [[gnu::always_inline]] static void SendForStart(
      const SynapseTable<Real>& table, int64_t row) {
    if (row < 0) return;
    __builtin_prefetch(table.begin.data() + row);
  }
  template <class Real>
  [[gnu::always_inline]] static void SendForRow(const SynapseTable<Real>& table,
                                                int64_t row) {
    if (row < 0) return;
    const uint32_t begin = table.begin[static_cast<size_t>(row)];
    const uint32_t size = std::min(
        table.begin[static_cast<size_t>(row) + 1] - begin, kMostSynapses);
    if (size == 0) return;
    if (table.offset.size() > 0) SendFor(table.offset.data() + begin, size);
    if (table.near_offset.size() > 0) {
      SendFor(table.near_offset.data() + begin, size);
    }
    if (table.weight.size() > 0) SendFor(table.weight.data() + begin, size);
  }
  template <class T>
  [[gnu::always_inline]] static void SendFor(const T* first, uint32_t size) {
    constexpr uint32_t kLine = 64 / sizeof(T);
    for (uint32_t k = 0; k < size; k += kLine) __builtin_prefetch(first + k);
    __builtin_prefetch(first + size - 1);
  }

  bool is_needed_;
  size_t ahead_;  // rows
};

}  // namespace engram
