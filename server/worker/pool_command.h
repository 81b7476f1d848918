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
};
struct KillCommand {
  std::string id;
};
using PoolCommand = std::variant<StartCommand, KillCommand>;

// INVALID_ARGUMENT says what the line should look like, and never repeats it:
// it may hold a token.
absl::StatusOr<PoolCommand> ParsePoolCommand(absl::string_view line);

}  // namespace engram
