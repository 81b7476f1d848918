#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/command/command.h"

namespace engram::cli {

// Which command a command line asks for.
struct Choice {
  const Command* command = nullptr;  // null: none was named
  std::string full_name;             // "admin tokens create"
  std::vector<std::string> rest;     // what comes after and between
};

// Follows the names in `arguments` down from `root`. Flags of `globals` may
// stand before the verb. INVALID_ARGUMENT names the nearest known verb.
absl::StatusOr<Choice> ChooseCommand(const Command& root,
                                     const std::vector<Argument>& globals,
                                     const std::vector<std::string>& arguments);

// Puts the values of `rest` where the command's and the global arguments say.
// INVALID_ARGUMENT says what was wrong, with the nearest known flag.
absl::Status ParseArguments(const Choice& choice,
                            const std::vector<Argument>& globals);

// Long and short names of a flag: "-t,--tag" gives {"-t", "--tag"}.
std::vector<std::string> FlagNames(const Argument& argument);

}  // namespace engram::cli
