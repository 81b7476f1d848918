#pragma once

#include <string>

#include "absl/status/status.h"

namespace engram::cli {

// What the exit code of a failed command says.
enum ExitCode : int {
  kDone = 0,
  kRunOrClaimFailed = 1,
  kInvalid = 2,
  kNotFound = 3,
  kNotPermitted = 4,
  kUnreachable = 5,
  kConflict = 6,
  kQuota = 7,
  kInterrupted = 130,
};

ExitCode ExitCodeOf(const absl::Status& status);

// What an error says of what the user gave.
struct ErrorContext {
  std::string server;
  std::string file;  // name of the text that was sent; empty for none
};

// Lines for people, each ending in a newline: the details where the server
// sent some (each fault as "file:line: path: what", in order of line), else
// the message; then what to do next where that is known.
std::string ExplainError(const absl::Status& status,
                         const ErrorContext& context);

}  // namespace engram::cli
