#include "server/store/listing.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/filter.h"
#include "server/store/filter_sql.h"
#include "server/store/listing_plan.h"
#include "server/store/row_columns.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

// What of the query a page token is bound to.
std::string RunQueryText(std::optional<ExperimentKey> experiment,
                         const ListQuery& query) {
  return absl::StrCat("runs\n", experiment.has_value() ? Int(*experiment) : 0,
                      "\n", query.filter, "\n", query.order_by);
}

std::string ExperimentQueryText(const ListQuery& query) {
  return absl::StrCat("experiments\n", query.filter, "\n", query.order_by);
}

absl::StatusOr<ListingPlan> PlanRuns(Reader& reader,
                                     std::optional<ExperimentKey> experiment,
                                     absl::string_view filter_text,
                                     absl::string_view order_by) {
  absl::StatusOr<Filter> filter = ParseFilter(filter_text);
  if (!filter.ok()) return filter.status();
  const FieldResolver resolver(reader, Listed::kRuns);
  absl::StatusOr<SqlText> where = FilterSql(*filter, resolver, Listed::kRuns);
  if (!where.ok()) return where.status();
  absl::StatusOr<std::vector<SqlText>> sources = RunSources(*filter, resolver);
  if (!sources.ok()) return sources.status();
  absl::StatusOr<std::vector<SortKey>> keys =
      SortKeys(order_by, resolver, Listed::kRuns);
  if (!keys.ok()) return keys.status();
  ListingPlan plan;
  plan.columns = kRunColumns;
  plan.column_count = kRunColumnCount;
  plan.where = *std::move(where);
  plan.keys = *std::move(keys);
  if (experiment.has_value()) {
    plan.where = Joined(
        {SqlText("r.experiment = ?", {Int(*experiment)}), plan.where}, "AND");
    sources->push_back(
        SqlText("SELECT q.key AS key FROM run q"
                " WHERE q.experiment = ?",
                {Int(*experiment)}));
  }
  plan.source = SmallestSource(reader, *sources);
  return plan;
}

absl::StatusOr<ListingPlan> PlanExperiments(Reader& reader,
                                            const ListQuery& query) {
  absl::StatusOr<Filter> filter = ParseFilter(query.filter);
  if (!filter.ok()) return filter.status();
  const FieldResolver resolver(reader, Listed::kExperiments);
  absl::StatusOr<SqlText> where =
      FilterSql(*filter, resolver, Listed::kExperiments);
  if (!where.ok()) return where.status();
  absl::StatusOr<std::vector<SortKey>> keys =
      SortKeys(query.order_by, resolver, Listed::kExperiments);
  if (!keys.ok()) return keys.status();
  ListingPlan plan;
  plan.listed = Listed::kExperiments;
  plan.columns = kExperimentColumns;
  plan.column_count = kExperimentColumnCount;
  plan.where = *std::move(where);
  plan.keys = *std::move(keys);
  return plan;
}

}  // namespace

absl::StatusOr<Page<RunRow>> ListRuns(Reader& reader,
                                      std::optional<ExperimentKey> experiment,
                                      const ListQuery& query) {
  absl::StatusOr<ListingPlan> plan =
      PlanRuns(reader, experiment, query.filter, query.order_by);
  if (!plan.ok()) return plan.status();
  Page<RunRow> page;
  absl::StatusOr<PageEnd> end = ReadPage(
      reader, *plan, query, RunQueryText(experiment, query),
      [&](const Statement& row) { page.rows.push_back(RunFromColumns(row)); });
  if (!end.ok()) return end.status();
  page.next_page_token = end->next_page_token;
  page.total_size = end->total_size;
  page.total_is_lower_bound = end->total_is_lower_bound;
  return page;
}

absl::StatusOr<Page<ExperimentRow>> ListExperiments(Reader& reader,
                                                    const ListQuery& query) {
  absl::StatusOr<ListingPlan> plan = PlanExperiments(reader, query);
  if (!plan.ok()) return plan.status();
  Page<ExperimentRow> page;
  absl::StatusOr<PageEnd> end =
      ReadPage(reader, *plan, query, ExperimentQueryText(query),
               [&](const Statement& row) {
                 page.rows.push_back(ExperimentFromColumns(row));
                 page.rows.back().tags = ReadTags(reader, page.rows.back().key);
               });
  if (!end.ok()) return end.status();
  page.next_page_token = end->next_page_token;
  page.total_size = end->total_size;
  page.total_is_lower_bound = end->total_is_lower_bound;
  return page;
}

absl::StatusOr<std::vector<RunKey>> MatchingRuns(Reader& reader,
                                                 absl::string_view filter,
                                                 int64_t limit) {
  absl::StatusOr<ListingPlan> plan = PlanRuns(reader, std::nullopt, filter, "");
  if (!plan.ok()) return plan.status();
  Statement read = Prepared(
      reader,
      SqlText("SELECT r.key") + FromClause(*plan) + SqlText(" WHERE ") +
          plan->where +
          SqlText(" ORDER BY r.experiment, r.point LIMIT ?", {limit + 1}));
  std::vector<RunKey> keys;
  while (read.Step()) keys.push_back(RunKey{read.Int64(0)});
  if (static_cast<int64_t>(keys.size()) > limit)
    return absl::ResourceExhaustedError(absl::StrCat(
        "more than ", limit, " runs match '", filter, "': narrow the filter"));
  return keys;
}

}  // namespace engram::store
