#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace engram::cli {

// The member of `known` that `name` most likely stands for, or "" when none
// is near: a prefix, or at most a third of its letters changed.
std::string Nearest(absl::string_view name,
                    const std::vector<std::string>& known);

// "; did you mean X?", or "" when none is near.
std::string DidYouMean(absl::string_view name,
                       const std::vector<std::string>& known);

}  // namespace engram::cli
