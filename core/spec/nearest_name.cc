#include "core/spec/nearest_name.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace engram {
namespace {

// A name that is wrong in more than a third of its letters was not mistyped.
int LargestDistance(absl::string_view name) {
  return std::max(1, static_cast<int>(name.size()) / 3);
}

}  // namespace

int EditDistance(absl::string_view a, absl::string_view b) {
  const size_t width = b.size() + 1;
  std::vector<int> before(width), row(width), above(width);
  for (size_t j = 0; j < width; ++j) above[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j < width; ++j) {
      const int replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
      const bool is_swap =
          i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

std::string NearestName(absl::string_view name,
                        const std::vector<std::string>& candidates) {
  constexpr size_t kLongestName = 200;  // longer text is no mistyped name
  if (name.size() > kLongestName) return "";
  const std::string lower = absl::AsciiStrToLower(name);
  std::string nearest;
  int smallest = LargestDistance(name) + 1;
  for (const std::string& candidate : candidates) {
    const int distance = EditDistance(lower, absl::AsciiStrToLower(candidate));
    if (distance >= smallest) continue;
    smallest = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string ListNames(const std::vector<std::string>& names) {
  constexpr size_t kMost = 12;
  const size_t shown = std::min(names.size(), kMost);
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(shown);
  std::string text = absl::StrJoin(names.begin(), end, ", ");
  if (names.size() > shown) {
    absl::StrAppend(&text, " and ", names.size() - shown, " more");
  }
  return text;
}

std::string SuggestName(absl::string_view name,
                        const std::vector<std::string>& candidates) {
  const std::string nearest = NearestName(name, candidates);
  if (!nearest.empty()) return absl::StrCat("; did you mean ", nearest, "?");
  if (candidates.empty()) return "; nothing is allowed there";
  return absl::StrCat("; allowed: ", ListNames(candidates));
}

}  // namespace engram
