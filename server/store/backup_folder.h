#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"

namespace engram::store {

// Where a backup goes.
struct BackupTarget {
  std::filesystem::path folder;
  bool is_ours = false;  // we made it, so we remove it when the backup fails
};

// A new folder below `parent`, named after the time (2026-01-31T120000Z), with
// a number where there is one already. What backups that were cut off have left
// in `parent` is removed first.
absl::StatusOr<BackupTarget> NewBackupFolder(
    const std::filesystem::path& parent, int64_t now_us);

// A folder that somebody has named: made, or there and empty. INVALID_ARGUMENT:
// its path is not absolute. FAILED_PRECONDITION: anything else about it.
absl::StatusOr<BackupTarget> GivenBackupFolder(
    const std::filesystem::path& folder);

// Takes back what a failed backup has written.
void RemoveBackup(const BackupTarget& target);

// Complete backups in `parent`, oldest first.
std::vector<std::filesystem::path> CompleteBackups(
    const std::filesystem::path& parent);

// When the backup in that folder was made, by the folder's name.
std::optional<int64_t> BackupTimeUs(const std::filesystem::path& folder);

}  // namespace engram::store
