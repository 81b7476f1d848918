#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/store/listing.h"
#include "server/store/statement.h"

namespace engram::store {

// Totals are counted up to here.
inline constexpr int64_t kCountedUpTo = 1000;

// The sort keys of the last row of the page before; none for the first page.
// INVALID_ARGUMENT: the page token is not one of the query `query_text`, or
// the page's size is out of range.
absl::StatusOr<std::vector<SqlValue>> PagePosition(
    Reader& reader, const ListQuery& query, const std::string& query_text);

// `count` was taken up to kCountedUpTo + 1 at least.
template <class Row>
void SetTotal(int64_t count, Page<Row>& page) {
  page.total_is_lower_bound = count > kCountedUpTo;
  page.total_size = page.total_is_lower_bound ? kCountedUpTo : count;
}

}  // namespace engram::store
