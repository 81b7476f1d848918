#include "server/rpc/tags.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/rpc/status.h"

namespace engram {
namespace {

constexpr size_t kLongest = 64;
constexpr size_t kMost = 64;
constexpr absl::string_view kMarks = "-_.:/";

bool IsTag(absl::string_view tag) {
  return !tag.empty() && tag.size() <= kLongest &&
         std::all_of(tag.begin(), tag.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  kMarks.find(c) != absl::string_view::npos;
         });
}

}  // namespace

absl::StatusOr<std::vector<std::string>> TidyTags(
    std::vector<std::string> tags) {
  for (const std::string& tag : tags) {
    if (!IsTag(tag)) {
      return BadField("tags", absl::StrCat("'", tag,
                                           "' is no tag: a tag has 1 "
                                           "to 64 letters, digits, '-', '_', "
                                           "'.', ':' or '/'"));
    }
  }
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  if (tags.size() > kMost) {
    return BadField("tags", absl::StrCat("there are ", tags.size(),
                                         "; at most 64 are allowed"));
  }
  return tags;
}

}  // namespace engram
