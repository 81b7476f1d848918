#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram {

// The known name that `name` was probably meant to be: the one with the fewest
// letters to insert, remove, replace or swap, if these are at most a third of
// its length (and at least one is allowed); empty if none is that near.
std::string NearestName(absl::string_view name,
                        const std::vector<std::string>& known);

}  // namespace engram
