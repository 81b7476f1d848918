#include "server/worker/log_line.h"

#include "absl/strings/str_cat.h"

namespace engram {

std::string LogLine(absl::string_view level, absl::string_view message,
                    std::initializer_list<LogField> fields, absl::Time time) {
  return absl::StrCat(
      "{\"time\":\"",
      absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone()),
      "\",", LogMembers(level, message, fields), "}\n");
}

}  // namespace engram
