#pragma once

#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/log/log_text.h"

namespace engram {

// One line of JSON as engramd's log has them: time, level, message, fields.
// Ends in a line feed.
std::string LogLine(absl::string_view level, absl::string_view message,
                    std::initializer_list<LogField> fields, absl::Time time);

}  // namespace engram
