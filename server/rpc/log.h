#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"

namespace engram {

enum class Severity { kDebug, kInfo, kWarn, kError };

// One named value of a log line.
struct LogField {
  absl::string_view key;
  std::variant<std::string, int64_t, double> value;
};

// Sets level ("debug", "info", "warn", "error") and format ("json": one object
// a line; "text": for eyes) of the process's log, which goes to standard error.
void SetUpLog(const std::string& level, const std::string& format);

// Writes one line. Secrets never go in here. Thread-safe.
void Log(Severity level, absl::string_view message,
         std::initializer_list<LogField> fields = {});

// The line without its time, as `Log` writes it: for its tests.
std::string FormatLog(Severity level, absl::string_view message,
                      std::initializer_list<LogField> fields, bool json);

}  // namespace engram
