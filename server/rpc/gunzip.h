#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/rpc/array_file.h"

namespace engram {

// Whether a file begins as one that gzip has packed.
absl::StatusOr<bool> IsGzip(const FileBytes& file);

// Gives what gzip packed (RFC 1952; several members are one file), in pieces.
// INVALID_ARGUMENT: damaged, cut, or more than `most` bytes unpacked, however
// small the file is.
absl::Status Gunzip(const FileBytes& file, int64_t most, TakeElements take);

}  // namespace engram
