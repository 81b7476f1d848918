#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace engram {

// What engramd does to a data folder that no server uses: `engramd restore
// BACKUP` and `engramd new-admin-token [USER]`, with the settings that a server
// would have (--data). Nothing when the first argument is none of them; else
// how it ended, after what it has to say was printed.
std::optional<absl::Status> RunOfflineCommand(
    const std::vector<std::string>& arguments);

}  // namespace engram
