#pragma once

#include <string>
#include <vector>

#include "client/cli/command/command.h"
#include "client/cli/session.h"

namespace engram::cli {

// All verbs, by group.
Command Root();

// The flags of every verb, bound to `flags`.
std::vector<Argument> GlobalArguments(GlobalFlags* flags, bool with_npy);

// Does what the command line (without the program's name) asks for, and gives
// the exit code.
int RunProgram(const std::vector<std::string>& arguments, Host* host);

}  // namespace engram::cli
