#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/statement.h"

namespace engram::store {

class Reader;
class Transaction;

// Makes the store's secret for page tokens if it has none yet.
void EnsurePageTokenKey(Transaction& transaction, absl::string_view random);

// Where a page ended: the sort keys of its last row. Bound to the query that
// it continues and authenticated by the store's secret, so a token that was
// made up, altered, or taken from another query or server is refused.
std::string MakePageToken(Reader& reader, absl::string_view query,
                          const std::vector<SqlValue>& position);
// INVALID_ARGUMENT says what is wrong with it.
absl::StatusOr<std::vector<SqlValue>> ReadPageToken(Reader& reader,
                                                    absl::string_view query,
                                                    absl::string_view token);

}  // namespace engram::store
