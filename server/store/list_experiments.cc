#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/filter.h"
#include "server/store/filter_sql.h"
#include "server/store/listing.h"
#include "server/store/listing_page.h"
#include "server/store/order_sql.h"
#include "server/store/page_token.h"
#include "server/store/row_columns.h"
#include "server/store/sql_text.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

struct Plan {
  SqlText where;
  std::vector<SortKey> keys;
};

// What of the query a page token is bound to.
std::string QueryText(const ListQuery& query) {
  return absl::StrCat("experiments\n", query.filter, "\n", query.order_by);
}

absl::StatusOr<Plan> PlanFor(Reader& reader, const ListQuery& query) {
  const absl::StatusOr<Filter> filter = ParseFilter(query.filter);
  if (!filter.ok()) return filter.status();
  const FieldResolver resolver(reader, Listed::kExperiments);
  absl::StatusOr<SqlText> where =
      FilterSql(*filter, resolver, Listed::kExperiments);
  if (!where.ok()) return where.status();
  auto keys = SortKeys(query.order_by, resolver, Listed::kExperiments);
  if (!keys.ok()) return keys.status();
  return Plan{*std::move(where), *std::move(keys)};
}

SqlText PageSql(const Plan& plan, const std::vector<SqlValue>& position,
                int64_t count) {
  SqlText sql(absl::StrCat("SELECT ", kExperimentColumns));
  for (size_t i = 0; i < plan.keys.size(); ++i)
    sql += SqlText(", ") + plan.keys[i].expression +
           SqlText(absl::StrCat(" AS k", i));
  sql += SqlText(" FROM experiment e WHERE ") + plan.where;
  if (!position.empty()) sql += SqlText(" AND ") + After(plan.keys, position);
  return sql + SqlText(absl::StrCat(OrderBy(plan.keys), " LIMIT ?"), {count});
}

int64_t CountExperiments(Reader& reader, const Plan& plan) {
  Statement count = Prepared(
      reader, SqlText("SELECT count(*) FROM (SELECT 1"
                      " FROM experiment e WHERE ") +
                  plan.where + SqlText(" LIMIT ?)", {kCountedUpTo + 1}));
  ENGRAM_EXPECT(count.Step());
  return count.Int64(0);
}

}  // namespace

absl::StatusOr<Page<ExperimentRow>> ListExperiments(Reader& reader,
                                                    const ListQuery& query) {
  const absl::StatusOr<Plan> plan = PlanFor(reader, query);
  if (!plan.ok()) return plan.status();
  const std::string text = QueryText(query);
  const auto position = PagePosition(reader, query, text);
  if (!position.ok()) return position.status();
  Page<ExperimentRow> page;
  std::vector<SqlValue> last;
  // One row more than the page holds says that there is a next page.
  Statement read =
      Prepared(reader, PageSql(*plan, *position, query.page_size + 1));
  while (read.Step()) {
    if (std::ssize(page.rows) == query.page_size) {
      page.next_page_token = MakePageToken(reader, text, last);
      break;
    }
    page.rows.push_back(ExperimentFromColumns(read));
    page.rows.back().tags = ReadTags(reader, page.rows.back().key);
    last.clear();
    for (size_t i = 0; i < plan->keys.size(); ++i)
      last.push_back(read.Any(kExperimentColumnCount + static_cast<int>(i)));
  }
  SetTotal(CountExperiments(reader, *plan), page);
  return page;
}

}  // namespace engram::store
