#pragma once

#include <string>
#include <vector>

#include "client/cli/command/command.h"
#include "client/cli/session.h"

namespace engram::cli {

// Names of a kind that the server knows now, for completion: it waits a third
// of a second at most, and gives nothing on any error.
std::vector<std::string> FetchNames(Session& session, Completes kind);

}  // namespace engram::cli
