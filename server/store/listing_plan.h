#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/store/listing.h"
#include "server/store/listing_field.h"
#include "server/store/order_sql.h"
#include "server/store/sql_text.h"

namespace engram::store {

// How a listing is answered.
struct ListingPlan {
  Listed listed = Listed::kRuns;
  std::string columns;
  int column_count = 0;
  SqlText where;
  std::vector<SortKey> keys;
  // Keys of few runs, among which all matches are; none when no part of the
  // filter is that narrow.
  std::optional<SqlText> source;
};

// The source with the fewest keys, if it has at most 2,000: each is counted
// through its index that far.
std::optional<SqlText> SmallestSource(Reader& reader,
                                      const std::vector<SqlText>& sources);

// " FROM ..." with tables `r` and `e`, driven by the source if there is one.
SqlText FromClause(const ListingPlan& plan);
Statement Prepared(Reader& reader, const SqlText& sql);

struct PageEnd {
  std::string next_page_token;
  int64_t total_size = 0;
  bool total_is_lower_bound = false;
};
// Visits the rows of the page that `query` asks for. INVALID_ARGUMENT: its page
// token is not one of the query `query_text`, or its size is out of range.
absl::StatusOr<PageEnd> ReadPage(
    Reader& reader, const ListingPlan& plan, const ListQuery& query,
    const std::string& query_text,
    const std::function<void(const Statement&)>& visit);

}  // namespace engram::store
