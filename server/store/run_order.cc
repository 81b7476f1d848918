#include "server/store/run_order.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/run_filter.h"
#include "server/store/sort_columns.h"
#include "server/store/sql_text.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

using Position = std::vector<SqlValue>;

bool IsAbsent(const SqlValue& value) {
  return std::holds_alternative<std::monostate>(value);
}

// Takes rows (key, sort keys ...) of runs that are asked for until the page is
// full; says whether it is.
bool TakeRows(Statement rows, const std::optional<KeySet>& runs, int key_count,
              int64_t count, std::vector<PlacedRun>& page) {
  while (std::ssize(page) < count && rows.Step()) {
    const int64_t key = rows.Int64(0);
    if (runs.has_value() && !runs->Contains(key)) continue;
    PlacedRun run{key, {}};
    for (int i = 1; i <= key_count; ++i) run.position.push_back(rows.Any(i));
    page.push_back(std::move(run));
  }
  return std::ssize(page) == count;
}

// Newest experiment first, then by point: run_by_point has that order.
std::vector<PlacedRun> WalkByPoint(Reader& reader,
                                   const std::optional<KeySet>& runs,
                                   const Position& position, int64_t count) {
  SqlText sql("SELECT r.key, r.experiment, r.point FROM run r");
  if (!position.empty())
    sql += SqlText(
        " WHERE r.experiment <= ? AND (r.experiment < ? OR r.point > ?)",
        {position[0], position[0], position[1]});
  sql += SqlText(" ORDER BY r.experiment DESC, r.point");
  std::vector<PlacedRun> page;
  TakeRows(Prepared(reader, sql), runs, 2, count, page);
  return page;
}

// An index that holds, in its order, the runs that have a sort key.
struct Walk {
  const char* from;   // table and condition
  const char* value;  // the sort key
  const char* run;
  std::vector<SqlValue> bound;
};

std::optional<Walk> WalkFor(const std::vector<SortKey>& keys) {
  if (keys.size() != 2) return std::nullopt;
  const SortKey& key = keys.front();
  if (key.value_key.has_value())
    return Walk{"run_value WHERE name = ? AND value IS NOT NULL",
                "value",
                "run",
                {*key.value_key}};
  if (key.expression.text == "r.end_time_us")
    return Walk{"run WHERE end_time_us IS NOT NULL", "end_time_us", "key", {}};
  return std::nullopt;
}

// Along the index, which only runs that have the sort key are in: nothing when
// they do not fill the page.
std::optional<std::vector<PlacedRun>> WalkIndex(
    Reader& reader, const Walk& walk, const std::optional<KeySet>& runs,
    bool is_descending, const Position& position, int64_t count) {
  if (!position.empty() && IsAbsent(position.front())) return std::nullopt;
  SqlText sql(absl::StrCat("SELECT ", walk.run, ", ", walk.value, ", ",
                           walk.run, " FROM ", walk.from),
              walk.bound);
  if (!position.empty())
    sql += SqlText(absl::StrCat(" AND (", walk.value, ", ", walk.run, ") ",
                                is_descending ? "<" : ">", " (?, ?)"),
                   position);
  const char* direction = is_descending ? " DESC" : "";
  sql += SqlText(absl::StrCat(" ORDER BY ", walk.value, direction, ", ",
                              walk.run, direction));
  std::vector<PlacedRun> page;
  if (!TakeRows(Prepared(reader, sql), runs, 2, count, page))
    return std::nullopt;
  return page;
}

}  // namespace

std::vector<PlacedRun> RunsInOrder(Reader& reader,
                                   const std::optional<KeySet>& runs,
                                   const std::vector<SortKey>& keys,
                                   const std::vector<SqlValue>& position,
                                   int64_t count) {
  ENGRAM_EXPECT(position.empty() || position.size() == keys.size());
  const bool is_few = runs.has_value() && runs->Count() <= kNarrow;
  if (!is_few && keys.front().is_default_order)
    return WalkByPoint(reader, runs, position, count);
  const std::optional<Walk> walk = WalkFor(keys);
  if (!is_few && walk.has_value()) {
    auto page = WalkIndex(reader, *walk, runs, keys.front().is_descending,
                          position, count);
    if (page.has_value()) return *std::move(page);
  }
  const KeySet chosen = runs.has_value() ? *runs : EveryRun(reader);
  SortColumns columns(chosen, keys);
  if (is_few)
    columns.ReadOneByOne(reader);
  else
    columns.ReadInPasses(reader);
  return columns.First(position, count);
}

}  // namespace engram::store
