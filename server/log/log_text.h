#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"

namespace engram {

// One named value of a log line.
struct LogField {
  absl::string_view key;
  std::variant<std::string, int64_t, double> value;
};

// The members of a log line's JSON object, as server and worker write them
// behind the time: "level":"info","message":"...","key":value. Nothing that is
// in them begins a line of its own.
std::string LogMembers(absl::string_view level, absl::string_view message,
                       std::initializer_list<LogField> fields);

// The same for eyes: info  ... key=value.
std::string LogWords(absl::string_view level, absl::string_view message,
                     std::initializer_list<LogField> fields);

}  // namespace engram
