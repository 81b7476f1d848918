#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/listing_field.h"
#include "server/store/sql_text.h"

namespace engram::store {

// One key that a listing is sorted by. Absent values come last either way.
struct SortKey {
  SqlText expression{};
  bool is_descending = false;
  bool is_nullable = false;
  // Of a value that is nowhere constant: its name's key, so that the listing
  // can walk along its index.
  std::optional<int64_t> value_key{};
  // What it is sorted by; none: the row's key.
  std::optional<ListingField> field{};
  // The first key of the default order of runs.
  bool is_default_order = false;
};

// The keys of `order_by`, and last one that sets any two rows apart: with the
// default order for no `order_by`. INVALID_ARGUMENT "order_by:COLUMN: ...".
absl::StatusOr<std::vector<SortKey>> SortKeys(absl::string_view order_by,
                                              const FieldResolver& resolver,
                                              Listed listed);

// " ORDER BY k0 IS NULL, k0 DESC, k1 ...", over columns named k0, k1, ...
std::string OrderBy(const std::vector<SortKey>& keys);
// What holds of rows after `position`, over the same columns.
SqlText After(const std::vector<SortKey>& keys,
              const std::vector<SqlValue>& position);

}  // namespace engram::store
