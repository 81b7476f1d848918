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

absl::StatusOr<PoolCommand> ParseStart(absl::string_view line) {
  // The last one is a path, which may hold spaces.
  const Fields fields = absl::StrSplit(line, absl::MaxSplits(' ', 5));
  StartCommand start;
  if (fields.size() != 6 || fields[1].empty() || fields[4].empty() ||
      !absl::SimpleAtoi(fields[2], &start.cpus) || start.cpus < 1 ||
      !absl::SimpleAtoi(fields[3], &start.memory_bytes) ||
      start.memory_bytes < 0 || fields[5].empty() || fields[5][0] != '/') {
    return absl::InvalidArgumentError(
        "start takes ID CPUS MEMORY_BYTES TOKEN PROGRAM: a word, at least 1, "
        "at least 0, a word, an absolute path");
  }
  start.id = fields[1];
  start.token = fields[4];
  start.program = fields[5];
  return start;
}

template <class Command>
absl::StatusOr<PoolCommand> ParseId(const Fields& fields) {
  if (fields.size() != 2 || fields[1].empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(fields[0], " takes ID, one word"));
  }
  return Command{fields[1]};
}

template <class Command>
absl::StatusOr<PoolCommand> ParseAlone(const Fields& fields) {
  if (fields.size() == 1) return Command{};
  return absl::InvalidArgumentError(
      absl::StrCat(fields[0], " stands alone on its line"));
}

}  // namespace

absl::StatusOr<PoolCommand> ParsePoolCommand(absl::string_view line) {
  const Fields fields = absl::StrSplit(line, ' ');
  if (fields[0] == "start") return ParseStart(line);
  if (fields[0] == "kill") return ParseId<KillCommand>(fields);
  if (fields[0] == "list") return ParseAlone<ListCommand>(fields);
  if (fields[0] == "heard") return ParseId<HeardCommand>(fields);
  if (fields[0] == "shutdown") return ParseAlone<ShutdownCommand>(fields);
  return absl::InvalidArgumentError(
      "a line begins with none of start, kill, list, heard, shutdown");
}

}  // namespace engram
