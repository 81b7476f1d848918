#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace engram {

// SHA-256 in hex of the worker's file: the build that new runs get.
// FAILED_PRECONDITION when there is no such file, with what to do.
absl::StatusOr<std::string> WorkerBuild(const std::string& path);

}  // namespace engram
