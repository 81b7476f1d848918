#pragma once

#include <cstdint>
#include <vector>

#include "server/store/key_set.h"
#include "server/store/order_sql.h"
#include "server/store/run_order.h"

namespace engram::store {

// The values of a listing's sort keys, for all of its runs: a column a key.
class SortColumns {
 public:
  // Both outlive this.
  SortColumns(const KeySet& runs, const std::vector<SortKey>& keys);

  // Some microseconds a run.
  void ReadOneByOne(Reader& reader);
  // A tenth of a microsecond for each run that there is. Not for the default
  // order.
  void ReadInPasses(Reader& reader);

  std::vector<PlacedRun> First(const std::vector<SqlValue>& position,
                               int64_t count) const;

 private:
  void ReadColumn(Reader& reader, size_t column);
  void ReadValues(Reader& reader, size_t column);
  // Rows of (run, value).
  void OfferRows(Statement& rows, size_t column);
  // Keeps a value for the run unless it has one.
  void Offer(size_t column, int64_t run, const SqlValue& value);
  bool IsBefore(int64_t a, int64_t b) const;
  bool IsAfter(int64_t rank, const std::vector<SqlValue>& position) const;

  const std::vector<SortKey>& keys_;
  const KeyRanks ranks_;
  std::vector<int64_t> runs_;  // by rank
  std::vector<std::vector<SqlValue>> columns_;
};

}  // namespace engram::store
