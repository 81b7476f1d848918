#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace engram {

// One line of JSON as engramd's log has them: time, level, message, fields.
// Ends in a line feed.
std::string LogLine(
    absl::string_view level, absl::string_view message,
    const std::vector<std::pair<std::string, std::string>>& fields,
    absl::Time time);

}  // namespace engram
