#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace engram {

// Tags without repeats, sorted. INVALID_ARGUMENT for one that is not 1 to 64
// letters, digits, '-', '_', '.', ':' or '/', or for more than 64 of them.
absl::StatusOr<std::vector<std::string>> TidyTags(
    std::vector<std::string> tags);

}  // namespace engram
