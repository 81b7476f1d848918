#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// Rows of one page: `asked`, or `usual` for 0; never over 1,000.
// INVALID_ARGUMENT below 0.
absl::StatusOr<int> PageSize(int32_t asked, int usual);

// The store's word on a filter, order or page token, as BadRequest on that
// field: "filter:12" says where in the filter.
absl::Status WithField(const absl::Status& status);

// Tokens of lists that are paged by number or by name: opaque to clients, and
// what was changed on the way is refused.
std::string PageToken(absl::string_view list, absl::string_view position);
absl::StatusOr<std::string> ReadPageToken(absl::string_view list,
                                          absl::string_view token);

}  // namespace engram
