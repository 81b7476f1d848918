#include "server/store/listing_plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/page_token.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

constexpr int64_t kNarrow = 2000;
constexpr int64_t kCountedUpTo = 1000;
constexpr int kMaxPageSize = 1000;

using Position = std::vector<SqlValue>;

int64_t CountUpTo(Reader& reader, const SqlText& rows, int64_t limit) {
  Statement count = Prepared(reader, SqlText("SELECT count(*) FROM (") + rows +
                                         SqlText(" LIMIT ?)", {limit}));
  return count.Step() ? count.Int64(0) : 0;
}

// Rows of one statement, up to a number, with the sort keys of the last.
class PageRows {
 public:
  PageRows(const ListingPlan& plan, int size,
           const std::function<void(const Statement&)>& visit)
      : plan_(plan), size_(size), visit_(visit) {}

  // One row more than the page holds says that there is a next page.
  int64_t wanted() const { return size_ - count_ + 1; }
  bool has_more() const { return count_ > size_; }
  const Position& last() const { return last_; }

  void Take(Statement rows) {
    while (count_ <= size_ && rows.Step()) {
      if (++count_ > size_) return;
      visit_(rows);
      last_.clear();
      for (size_t i = 0; i < plan_.keys.size(); ++i)
        last_.push_back(rows.Any(plan_.column_count + static_cast<int>(i)));
    }
  }

 private:
  const ListingPlan& plan_;
  const int size_;
  const std::function<void(const Statement&)>& visit_;
  int count_ = 0;
  Position last_;
};

SqlText SelectSql(const ListingPlan& plan) {
  SqlText select(absl::StrCat("SELECT ", plan.columns));
  for (size_t i = 0; i < plan.keys.size(); ++i)
    select += SqlText(", ") + plan.keys[i].expression +
              SqlText(absl::StrCat(" AS k", i));
  return select;
}

// Sorts all matches, or walks along the index of the default order.
void TakeSorted(Reader& reader, const ListingPlan& plan,
                const Position& position, PageRows& rows) {
  SqlText sql =
      SelectSql(plan) + FromClause(plan) + SqlText(" WHERE ") + plan.where;
  if (!position.empty()) sql += SqlText(" AND ") + After(plan.keys, position);
  sql += SqlText(absl::StrCat(OrderBy(plan.keys), " LIMIT ?"), {rows.wanted()});
  rows.Take(Prepared(reader, sql));
}

// Whether the matches are many and sorted by one value: then its index is
// walked, which costs what the page costs, not what all matches cost.
bool WalksAlongValue(const ListingPlan& plan) {
  return !plan.source.has_value() && plan.listed == Listed::kRuns &&
         plan.keys.size() == 2 && plan.keys.front().value_key.has_value();
}

void TakeWithValue(Reader& reader, const ListingPlan& plan,
                   const Position& position, PageRows& rows) {
  const SortKey& key = plan.keys.front();
  SqlText sql(absl::StrCat("SELECT ", plan.columns,
                           ", o.value, o.run"
                           " FROM run_value o CROSS JOIN run r ON r.key = o.run"
                           " CROSS JOIN experiment e ON e.key = r.experiment"
                           " WHERE o.name = ? AND o.value IS NOT NULL AND "),
              {*key.value_key});
  sql += plan.where;
  if (!position.empty())
    sql += SqlText(absl::StrCat(" AND (o.value, o.run) ",
                                key.is_descending ? "<" : ">", " (?, ?)"),
                   position);
  const char* direction = key.is_descending ? " DESC" : "";
  sql += SqlText(absl::StrCat(" ORDER BY o.value", direction, ", o.run",
                              direction, " LIMIT ?"),
                 {rows.wanted()});
  rows.Take(Prepared(reader, sql));
}

void TakeWithoutValue(Reader& reader, const ListingPlan& plan,
                      const Position& position, PageRows& rows) {
  const SortKey& key = plan.keys.front();
  SqlText sql(absl::StrCat("SELECT ", plan.columns,
                           ", NULL, r.key"
                           " FROM run r CROSS JOIN experiment e"
                           " ON e.key = r.experiment WHERE NOT EXISTS (SELECT 1"
                           " FROM run_value o WHERE o.run = r.key"
                           " AND o.name = ? AND o.value IS NOT NULL) AND "),
              {*key.value_key});
  sql += plan.where;
  if (!position.empty())
    sql += SqlText(
        absl::StrCat(" AND r.key ", key.is_descending ? "<" : ">", " ?"),
        {position.back()});
  sql += SqlText(absl::StrCat(" ORDER BY r.key",
                              key.is_descending ? " DESC" : "", " LIMIT ?"),
                 {rows.wanted()});
  rows.Take(Prepared(reader, sql));
}

void TakeAlongValue(Reader& reader, const ListingPlan& plan,
                    const Position& position, PageRows& rows) {
  const bool is_past_values =
      !position.empty() &&
      std::holds_alternative<std::monostate>(position.front());
  if (!is_past_values) TakeWithValue(reader, plan, position, rows);
  if (!rows.has_more())
    TakeWithoutValue(reader, plan, is_past_values ? position : Position(),
                     rows);
}

}  // namespace

std::optional<SqlText> SmallestSource(Reader& reader,
                                      const std::vector<SqlText>& sources) {
  std::optional<SqlText> smallest;
  int64_t least = kNarrow + 1;
  for (const SqlText& source : sources) {
    const int64_t count = CountUpTo(reader, source, least);
    if (count >= least) continue;
    least = count;
    smallest = source;
  }
  return smallest;
}

SqlText FromClause(const ListingPlan& plan) {
  if (plan.listed == Listed::kExperiments) return SqlText(" FROM experiment e");
  if (!plan.source.has_value())
    return SqlText(
        " FROM run r CROSS JOIN experiment e"
        " ON e.key = r.experiment");
  return SqlText(" FROM (SELECT DISTINCT key FROM (") + *plan.source +
         SqlText(
             ")) d CROSS JOIN run r ON r.key = d.key"
             " CROSS JOIN experiment e ON e.key = r.experiment");
}

Statement Prepared(Reader& reader, const SqlText& sql) {
  Statement statement = reader.PrepareOnce(sql.text);
  for (const SqlValue& value : sql.values) statement.Bind(value);
  return statement;
}

absl::StatusOr<PageEnd> ReadPage(
    Reader& reader, const ListingPlan& plan, const ListQuery& query,
    const std::string& query_text,
    const std::function<void(const Statement&)>& visit) {
  if (query.page_size < 1 || query.page_size > kMaxPageSize)
    return absl::InvalidArgumentError(absl::StrCat(
        "page_size = ", query.page_size, " is outside 1 to ", kMaxPageSize));
  Position position;
  if (!query.page_token.empty()) {
    absl::StatusOr<Position> read =
        ReadPageToken(reader, query_text, query.page_token);
    if (!read.ok()) return read.status();
    position = *std::move(read);
  }
  PageRows rows(plan, query.page_size, visit);
  if (WalksAlongValue(plan))
    TakeAlongValue(reader, plan, position, rows);
  else
    TakeSorted(reader, plan, position, rows);
  PageEnd end;
  if (rows.has_more())
    end.next_page_token = MakePageToken(reader, query_text, rows.last());
  const int64_t total = CountUpTo(
      reader,
      SqlText("SELECT 1") + FromClause(plan) + SqlText(" WHERE ") + plan.where,
      kCountedUpTo + 1);
  end.total_size = std::min(total, kCountedUpTo);
  end.total_is_lower_bound = total > kCountedUpTo;
  return end;
}

}  // namespace engram::store
