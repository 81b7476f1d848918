#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/command/command.h"

namespace engram::cli {

// Names of a kind that the server knows now; empty where it does not answer.
using LiveNames = std::function<std::vector<std::string>(Completes)>;

// What may stand in place of the last of `words`, which may be begun or empty.
// "@files" stands for the shell's own file names.
std::vector<std::string> Completions(const Command& root,
                                     const std::vector<Argument>& globals,
                                     const std::vector<std::string>& words,
                                     const LiveNames& live_names);

// A script for bash, zsh or fish that asks `engram __complete`.
// INVALID_ARGUMENT: another shell.
absl::StatusOr<std::string> CompletionScript(const std::string& shell);

}  // namespace engram::cli
