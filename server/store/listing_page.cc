#include "server/store/listing_page.h"

#include "absl/strings/str_cat.h"
#include "server/store/page_token.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

constexpr int kMaxPageSize = 1000;

}  // namespace

absl::StatusOr<std::vector<SqlValue>> PagePosition(
    Reader& reader, const ListQuery& query, const std::string& query_text) {
  if (query.page_size < 1 || query.page_size > kMaxPageSize)
    return absl::InvalidArgumentError(absl::StrCat(
        "page_size = ", query.page_size, " is outside 1 to ", kMaxPageSize));
  if (query.page_token.empty()) return std::vector<SqlValue>();
  return ReadPageToken(reader, query_text, query.page_token);
}

}  // namespace engram::store
