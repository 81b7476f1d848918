#include "server/worker/pool_command.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace engram {
namespace {

using Fields = std::vector<std::string>;

absl::StatusOr<PoolCommand> ParseStart(const Fields& fields) {
  StartCommand start;
  if (fields.size() != 5 || fields[1].empty() || fields[4].empty() ||
      !absl::SimpleAtoi(fields[2], &start.cpus) || start.cpus < 1 ||
      !absl::SimpleAtoi(fields[3], &start.memory_bytes) ||
      start.memory_bytes < 0) {
    return absl::InvalidArgumentError(
        "start takes ID CPUS MEMORY_BYTES TOKEN: a word, at least 1, at least "
        "0, a word");
  }
  start.id = fields[1];
  start.token = fields[4];
  return start;
}

absl::StatusOr<PoolCommand> ParseKill(const Fields& fields) {
  if (fields.size() != 2 || fields[1].empty()) {
    return absl::InvalidArgumentError("kill takes ID, one word");
  }
  return KillCommand{fields[1]};
}

}  // namespace

absl::StatusOr<PoolCommand> ParsePoolCommand(absl::string_view line) {
  const Fields fields = absl::StrSplit(line, ' ');
  if (fields[0] == "start") return ParseStart(fields);
  if (fields[0] == "kill") return ParseKill(fields);
  return absl::InvalidArgumentError(
      "a line begins with neither start nor kill");
}

}  // namespace engram
