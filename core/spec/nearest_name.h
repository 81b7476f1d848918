#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// Insertions, deletions, replacements and swaps of neighbours that turn one
// name into the other (optimal string alignment).
int EditDistance(absl::string_view a, absl::string_view b);

// The candidate nearest to `name`, the first of equals; empty when none is so
// near that it was plausibly meant.
std::string NearestName(absl::string_view name,
                        const std::vector<std::string>& candidates);

// "; did you mean eta?", or, with nothing near, "; allowed: eta, tau" (at most
// a dozen names, then how many more).
std::string SuggestName(absl::string_view name,
                        const std::vector<std::string>& candidates);

// "a, b, c and 4 more"
std::string ListNames(const std::vector<std::string>& names);

}  // namespace engram
