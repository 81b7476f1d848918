#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// A line that the pool is told.
struct StartCommand {
  std::string id;
  int cpus = 1;
  int64_t memory_bytes = 0;  // 0: no bound
  std::string token;
  std::string program;  // the worker's file
};
struct KillCommand {
  std::string id;
};
// Tell every worker that lives, and every end that nobody has heard.
struct ListCommand {};
// The end of this worker is known: it need not be told again.
struct HeardCommand {
  std::string id;
};
// End every worker, then the pool.
struct ShutdownCommand {};
using PoolCommand = std::variant<StartCommand, KillCommand, ListCommand,
                                 HeardCommand, ShutdownCommand>;

// INVALID_ARGUMENT says what the line should look like, and never repeats it:
// it may hold a token.
absl::StatusOr<PoolCommand> ParsePoolCommand(absl::string_view line);

}  // namespace engram
