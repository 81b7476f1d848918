#include "server/worker/log_line.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace engram {
namespace {

// As a JSON string; nothing in it can begin a line of its own.
std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<unsigned>(byte));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

std::string LogLine(
    absl::string_view level, absl::string_view message,
    const std::vector<std::pair<std::string, std::string>>& fields,
    absl::Time time) {
  std::string line = absl::StrCat(
      "{\"time\":\"",
      absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone()),
      "\",\"level\":", Quoted(level), ",\"message\":", Quoted(message));
  for (const auto& [key, value] : fields) {
    absl::StrAppend(&line, ",", Quoted(key), ":", Quoted(value));
  }
  return line + "}\n";
}

}  // namespace engram
