#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/command/command.h"

namespace engram::cli {

// One manual page in roff: of the program for `full_name` "", else of a verb.
std::string ManualPage(const Command& command, const std::string& full_name,
                       const std::vector<Argument>& globals);

// Writes "engram.1" and a page for every verb ("engram-submit.1") to `folder`.
absl::Status WriteManual(const Command& root,
                         const std::vector<Argument>& globals,
                         const std::string& folder);

}  // namespace engram::cli
