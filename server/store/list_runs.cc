#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/filter.h"
#include "server/store/listing.h"
#include "server/store/listing_page.h"
#include "server/store/page_token.h"
#include "server/store/run_filter.h"
#include "server/store/run_order.h"
#include "server/store/sql_text.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

// What of the query a page token is bound to.
std::string QueryText(std::optional<ExperimentKey> experiment,
                      const ListQuery& query) {
  return absl::StrCat("runs\n", experiment.has_value() ? Int(*experiment) : 0,
                      "\n", query.filter, "\n", query.order_by);
}

absl::StatusOr<std::optional<KeySet>> Matches(
    Reader& reader, std::optional<ExperimentKey> experiment,
    absl::string_view filter_text, const FieldResolver& resolver) {
  absl::StatusOr<Filter> filter = ParseFilter(filter_text);
  if (!filter.ok()) return filter.status();
  return RunsThatMeet(reader, experiment, *filter, resolver);
}

int64_t CountRuns(Reader& reader, const std::optional<KeySet>& runs) {
  if (runs.has_value()) return runs->Count();
  Statement count =
      reader.Prepare("SELECT count(*) FROM (SELECT 1 FROM run LIMIT ?)");
  count.Bind(kCountedUpTo + 1);
  ENGRAM_EXPECT(count.Step());
  return count.Int64(0);
}

}  // namespace

absl::StatusOr<Page<RunRow>> ListRuns(Reader& reader,
                                      std::optional<ExperimentKey> experiment,
                                      const ListQuery& query) {
  const FieldResolver resolver(reader, Listed::kRuns);
  const auto runs = Matches(reader, experiment, query.filter, resolver);
  if (!runs.ok()) return runs.status();
  const auto keys = SortKeys(query.order_by, resolver, Listed::kRuns);
  if (!keys.ok()) return keys.status();
  const std::string text = QueryText(experiment, query);
  const auto position = PagePosition(reader, query, text);
  if (!position.ok()) return position.status();
  // One run more than the page holds says that there is a next page.
  std::vector<PlacedRun> placed =
      RunsInOrder(reader, *runs, *keys, *position, query.page_size + 1);
  Page<RunRow> page;
  if (std::ssize(placed) > query.page_size) {
    placed.pop_back();
    page.next_page_token = MakePageToken(reader, text, placed.back().position);
  }
  for (const PlacedRun& run : placed)
    page.rows.push_back(ReadRun(reader, RunKey{run.key}));
  SetTotal(CountRuns(reader, *runs), page);
  return page;
}

absl::StatusOr<std::vector<RunKey>> MatchingRuns(Reader& reader,
                                                 absl::string_view filter,
                                                 int64_t limit) {
  const FieldResolver resolver(reader, Listed::kRuns);
  const auto runs = Matches(reader, std::nullopt, filter, resolver);
  if (!runs.ok()) return runs.status();
  std::vector<RunKey> keys;
  Statement read =
      reader.Prepare("SELECT r.key FROM run r ORDER BY r.experiment, r.point");
  while (read.Step() && std::ssize(keys) <= limit)
    if (!runs->has_value() || (*runs)->Contains(read.Int64(0)))
      keys.push_back(RunKey{read.Int64(0)});
  if (std::ssize(keys) > limit)
    return absl::ResourceExhaustedError(absl::StrCat(
        "more than ", limit, " runs match '", filter, "': narrow the filter"));
  return keys;
}

}  // namespace engram::store
