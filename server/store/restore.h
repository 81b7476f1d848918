#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "absl/status/statusor.h"

namespace engram::store {

// In a data folder while a restore is at work in it: a server refuses to start
// on a folder that has it.
inline constexpr char kRestoreFolder[] = "restore-partial";

struct RestoreResult {
  int64_t byte_size = 0;
  int file_count = 0;
  int schema_version = 0;  // of engram.db, as it was backed up
};

// Bytes done of all; called from the same thread.
using RestoreProgress =
    std::function<void(int64_t done_bytes, int64_t total_bytes)>;

// Puts a backup into a new data folder. The bytes that were copied are those
// whose digests are compared, both databases are read through
// (integrity_check), and only then all is moved into place, so that a folder
// either holds the whole backup or nothing.
//
// Events go on under numbers that were never given, by the lost server neither:
// above `now_us` (UTC), for events come at less than one a microsecond. Every
// bookmark from before counts as forgotten, so its watcher starts from the
// present state.
//
// FAILED_PRECONDITION: the data folder is not empty, or the backup is of a
// newer schema. NOT_FOUND: no backup there. DATA_LOSS: a file is missing or was
// altered; the message has its name and both digests. RESOURCE_EXHAUSTED: the
// disk has too little space. Whatever the reason, the data folder is left as it
// was found.
absl::StatusOr<RestoreResult> RestoreBackup(
    const std::filesystem::path& backup, const std::filesystem::path& data,
    int64_t now_us, const RestoreProgress& progress = {});

}  // namespace engram::store
