#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "server/store/key_set.h"
#include "server/store/order_sql.h"
#include "server/store/statement.h"

namespace engram::store {

class Reader;

// A run in its place among the sorted: the values of the sort keys.
struct PlacedRun {
  int64_t key = 0;
  std::vector<SqlValue> position;
};

// The first `count` runs after `position` (of all when it is empty), in the
// order of `keys`. Nothing for `runs` means every run.
//
// Where an index has the order, it is walked until the page is full. Else each
// sort key is read for all runs in one pass over an index, or, for few runs,
// for each of them, and the first of them are picked out.
std::vector<PlacedRun> RunsInOrder(Reader& reader,
                                   const std::optional<KeySet>& runs,
                                   const std::vector<SortKey>& keys,
                                   const std::vector<SqlValue>& position,
                                   int64_t count);

}  // namespace engram::store
