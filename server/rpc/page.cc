#include "server/rpc/page.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/sha256.h"
#include "server/rpc/status.h"

namespace engram {
namespace {

constexpr size_t kCheckDigits = 8;

std::string CheckDigits(absl::string_view list, absl::string_view position) {
  return Sha256Hex(absl::StrCat("engram page\n", list, "\n", position))
      .substr(0, kCheckDigits);
}

}  // namespace

absl::StatusOr<int> PageSize(int32_t asked, int usual) {
  constexpr int kMost = 1000;
  if (asked < 0) {
    return BadField("page_size",
                    absl::StrCat(asked, " is below 0; 0 means ", usual));
  }
  return asked == 0 ? usual : std::min(asked, kMost);
}

absl::Status WithField(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kInvalidArgument) return status;
  const absl::string_view message = status.message();
  for (const absl::string_view field : {"filter", "order_by", "page_token"}) {
    absl::string_view left = message;
    if (!absl::ConsumePrefix(&left, field) ||
        !absl::ConsumePrefix(&left, ":")) {
      continue;
    }
    const size_t colon = left.find(':');
    int column = 0;
    if (colon != absl::string_view::npos &&
        absl::SimpleAtoi(left.substr(0, colon), &column)) {
      return BadField(
          absl::StrCat(field, ":", column),
          absl::StripLeadingAsciiWhitespace(left.substr(colon + 1)));
    }
    return BadField(field, absl::StripLeadingAsciiWhitespace(left));
  }
  return status;
}

std::string PageToken(absl::string_view list, absl::string_view position) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(CheckDigits(list, position), position));
}

absl::StatusOr<std::string> ReadPageToken(absl::string_view list,
                                          absl::string_view token) {
  if (token.empty()) return std::string();
  std::string plain;
  if (absl::WebSafeBase64Unescape(token, &plain) &&
      plain.size() > kCheckDigits) {
    const std::string position = plain.substr(kCheckDigits);
    if (CheckDigits(list, position) == plain.substr(0, kCheckDigits)) {
      return position;
    }
  }
  return BadField("page_token",
                  "this is no token of this list; take next_page_token of its "
                  "previous page as it is, or none for the first page");
}

}  // namespace engram
