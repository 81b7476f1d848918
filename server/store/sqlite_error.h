#pragma once

#include "absl/status/status.h"

namespace SQLite {
class Exception;
}

namespace engram::store {

// What a failure of the database means for a caller: RESOURCE_EXHAUSTED when
// the disk is full, DATA_LOSS when the file is damaged, UNAVAILABLE when it is
// locked, else INTERNAL.
absl::Status ToStatus(const SQLite::Exception& error);

}  // namespace engram::store
