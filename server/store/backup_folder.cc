#include "server/store/backup_folder.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/store/backup_manifest.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;

constexpr char kNameFormat[] = "%Y-%m-%dT%H%M%SZ";
constexpr size_t kNameLength = 18;  // 2026-01-31T120000Z

absl::Status CannotMake(const fs::path& folder, const std::string& why) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the backup's folder ", folder.string(), " cannot be made: ", why,
      "; name one that the server may write to (a service's unit allows its "
      "own state folder, and what ReadWritePaths= adds)"));
}

std::vector<fs::path> FoldersIn(const fs::path& parent) {
  std::error_code error;
  std::vector<fs::path> folders;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error))
    if (BackupTimeUs(entry->path()) && entry->is_directory(error))
      folders.push_back(entry->path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

bool IsComplete(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / kManifestFile, error);
}

}  // namespace

absl::StatusOr<BackupTarget> NewBackupFolder(const fs::path& parent,
                                             int64_t now_us) {
  const std::string name = absl::FormatTime(
      kNameFormat, absl::FromUnixMicros(now_us), absl::UTCTimeZone());
  std::error_code error;
  fs::create_directories(parent, error);
  for (const fs::path& folder : FoldersIn(parent))
    if (!IsComplete(folder)) fs::remove_all(folder, error);
  error.clear();
  for (int n = 1; !error && n < 1000; ++n) {
    const fs::path folder =
        parent / (n == 1 ? name : absl::StrCat(name, "-", n));
    if (fs::create_directory(folder, error)) return BackupTarget{folder, true};
  }
  return CannotMake(parent / name, error.message());
}

absl::StatusOr<BackupTarget> GivenBackupFolder(const fs::path& folder) {
  if (!folder.is_absolute())
    return absl::InvalidArgumentError(absl::StrCat(
        "the backup's folder is ", folder.string(),
        "; wanted an absolute path on the server's machine, such as "
        "/srv/backup/engram"));
  std::error_code error;
  if (fs::create_directory(folder, error)) return BackupTarget{folder, true};
  if (error) return CannotMake(folder, error.message());
  if (!fs::is_empty(folder, error) || error)
    return absl::FailedPreconditionError(absl::StrCat(
        "the backup's folder ", folder.string(),
        error ? " cannot be read" : " is not empty", "; name a new one"));
  return BackupTarget{folder, false};
}

void RemoveBackup(const BackupTarget& target) {
  std::error_code error;
  if (target.is_ours) {
    fs::remove_all(target.folder, error);
    return;
  }
  // It was empty, so everything in it is of the backup.
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(target.folder, error), end;
       !error && entry != end; entry.increment(error))
    entries.push_back(entry->path());
  for (const fs::path& entry : entries) fs::remove_all(entry, error);
}

std::vector<fs::path> CompleteBackups(const fs::path& parent) {
  std::vector<fs::path> folders = FoldersIn(parent);
  std::erase_if(folders, [](const fs::path& f) { return !IsComplete(f); });
  return folders;
}

std::optional<int64_t> BackupTimeUs(const fs::path& folder) {
  const std::string name = folder.filename().string().substr(0, kNameLength);
  absl::Time time;
  std::string why;
  if (!absl::ParseTime(kNameFormat, name, &time, &why)) return std::nullopt;
  return absl::ToUnixMicros(time);
}

}  // namespace engram::store
