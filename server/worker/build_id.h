#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace engram {

// The build: SHA-256 in hex of the file that this process runs, which holds
// all that a result depends on because it is linked statically.
absl::StatusOr<std::string> BuildId();

}  // namespace engram
