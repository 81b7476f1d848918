#pragma once

#include <initializer_list>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/log/log_text.h"

namespace engram {

enum class Severity { kDebug, kInfo, kWarn, kError };

// Sets level ("debug", "info", "warn", "error") and format ("json": one object
// a line; "text": for eyes) of the process's log, which goes to standard error.
void SetUpLog(const std::string& level, const std::string& format);

// Writes one line. Secrets never go in here. Thread-safe.
void Log(Severity level, absl::string_view message,
         std::initializer_list<LogField> fields = {});

// One warning, with the reason; nothing when there is none.
void WarnIfFailed(absl::string_view what, const absl::Status& status);

}  // namespace engram
