#include "server/log/log_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace engram {
namespace {

// As a JSON string: control characters, quotes and backslashes escaped.
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

std::string ValueText(const LogField& field) {
  if (const auto* text = std::get_if<std::string>(&field.value)) {
    return Quoted(*text);
  }
  if (const auto* whole = std::get_if<int64_t>(&field.value)) {
    return absl::StrCat(*whole);
  }
  return absl::StrFormat("%.3f", std::get<double>(field.value));
}

}  // namespace

std::string LogMembers(absl::string_view level, absl::string_view message,
                       std::initializer_list<LogField> fields) {
  std::string members = absl::StrCat("\"level\":", Quoted(level),
                                     ",\"message\":", Quoted(message));
  for (const LogField& field : fields) {
    absl::StrAppend(&members, ",", Quoted(field.key), ":", ValueText(field));
  }
  return members;
}

std::string LogWords(absl::string_view level, absl::string_view message,
                     std::initializer_list<LogField> fields) {
  std::string words = absl::StrFormat("%-5s %s", level, message);
  for (const LogField& field : fields) {
    absl::StrAppend(&words, " ", field.key, "=", ValueText(field));
  }
  return words;
}

}  // namespace engram
