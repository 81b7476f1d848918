#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Exception.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/store/backup_folder.h"
#include "server/store/backup_manifest.h"
#include "server/store/file_copy.h"
#include "server/store/store_parts.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;

// Pages a step: a few milliseconds of the writer's time.
constexpr int kPagesAStep = 256;

constexpr char kPeriodicFolder[] = "periodic";

// A copy under way. Made, stepped and ended on the writer's thread.
struct Copy {
  Copy(const fs::path& file, Connection& source)
      : target(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE),
        backup(target, source.database()),
        page_size(source.Number("PRAGMA page_size")) {}
  int64_t done_bytes() {
    return (backup.getTotalPageCount() - backup.getRemainingPageCount()) *
           page_size;
  }
  SQLite::Database target;
  SQLite::Backup backup;
  int64_t page_size;
};

// Writes of the same connection between two steps go to the copy as well, so
// it never starts again.
absl::Status CopyFile(Writer& writer, const fs::path& file,
                      const OnBytes& on_bytes) {
  std::unique_ptr<Copy> copy;
  bool is_done = false;
  absl::Status status;
  int64_t done_bytes = 0;
  while (status.ok() && !is_done) {
    status = writer.RunBetweenCommits([&](Connection& source) {
      if (copy == nullptr) copy = std::make_unique<Copy>(file, source);
      copy->backup.executeStep(kPagesAStep);
      const int64_t more_bytes = copy->done_bytes() - done_bytes;
      done_bytes += more_bytes;
      is_done = copy->backup.getRemainingPageCount() == 0;
      if (is_done) copy.reset();
      return on_bytes(more_bytes) ? absl::OkStatus() : Interrupted();
    });
  }
  if (copy == nullptr) return status;
  absl::Status ended = writer.RunBetweenCommits([&](Connection&) {
    copy.reset();
    return absl::OkStatus();
  });
  return status.ok() ? ended : status;
}

// Paths, within `builds`, of everything that is kept there.
std::vector<fs::path> BuildFiles(const fs::path& builds) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(builds, error), end;
       !error && entry != end; entry.increment(error)) {
    const fs::path path = entry->path().lexically_relative(builds);
    if (entry->is_regular_file(error) && IsBuildPath(path.string()))
      files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  return files;
}

int64_t SizeOf(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : static_cast<int64_t>(size);
}

absl::Status CopyBuilds(const fs::path& data, const fs::path& target,
                        BackupManifest& manifest, const OnBytes& on_bytes) {
  std::error_code error;
  for (const fs::path& path : BuildFiles(data / kBuildsFolder)) {
    const fs::path name = fs::path(kBuildsFolder) / path;
    fs::create_directories((target / name).parent_path(), error);
    auto digest = CopyHashed(data / name, target / name, S_IRWXU, on_bytes);
    if (!digest.ok()) return digest.status();
    manifest.digests[name.string()] = *std::move(digest);
  }
  return absl::OkStatus();
}

absl::Status SyncAll(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end;
       !error && entry != end; entry.increment(error)) {
    if (!entry->is_directory(error)) continue;
    if (absl::Status synced = SyncFolder(entry->path()); !synced.ok())
      return synced;
  }
  absl::Status synced = SyncFolder(folder);
  return synced.ok() ? SyncFolder(folder.parent_path()) : synced;
}

}  // namespace

// Rows first: a chunk, or a build, is durable before the row that names it, so
// everything that the copy of the rows names is copied after it.
absl::Status Store::FillBackup(const fs::path& folder, int64_t now_us) {
  BackupManifest manifest;
  manifest.time = absl::FormatTime(
      absl::RFC3339_sec, absl::FromUnixMicros(now_us), absl::UTCTimeZone());
  manifest.schema = MainSchema().version();
  manifest.blob_schema = BlobSchema().version();
  const OnBytes on_bytes = [this](int64_t bytes) {
    parts_->backup_done_bytes += bytes;
    return !parts_->has_cancelled_backups;
  };
  absl::Status status = CopyFile(parts_->writer, folder / kMainFile, on_bytes);
  if (status.ok())
    status = CopyFile(parts_->blobs.writer(), folder / kBlobFile, on_bytes);
  if (status.ok())
    status = CopyBuilds(parts_->options.folder, folder, manifest, on_bytes);
  for (const char* name : {kMainFile, kBlobFile}) {
    if (!status.ok()) return status;
    auto digest =
        FileSha256(folder / name, [&](int64_t) { return on_bytes(0); });
    status = digest.status();
    if (status.ok()) manifest.digests[name] = *std::move(digest);
  }
  // Last: a folder without it is no backup.
  if (status.ok())
    status = WriteSmallFile(folder / kManifestFile, FormatManifest(manifest));
  if (status.ok()) status = SyncAll(folder);
  return status;
}

absl::StatusOr<BackupResult> Store::BackUpInto(
    const std::function<absl::StatusOr<BackupTarget>()>& make_folder,
    int64_t now_us) {
  MutexLock lock(parts_->maintenance);
  absl::StatusOr<BackupTarget> target = make_folder();
  if (!target.ok()) return target.status();
  const fs::path builds = parts_->options.folder / kBuildsFolder;
  int64_t total_bytes = DatabaseBytes();
  for (const fs::path& path : BuildFiles(builds))
    total_bytes += SizeOf(builds / path);
  parts_->backup_done_bytes = 0;
  parts_->backup_total_bytes = total_bytes;
  absl::Status filled = FillBackup(target->folder, now_us);
  parts_->backup_total_bytes = 0;
  if (!filled.ok()) {
    RemoveBackup(*target);
    return filled;
  }
  BackupResult result{target->folder, 0, 0};
  std::error_code error;
  for (fs::recursive_directory_iterator entry(result.folder, error), end;
       !error && entry != end; entry.increment(error)) {
    if (!entry->is_regular_file(error) ||
        entry->path().filename() == kManifestFile)
      continue;
    result.byte_size += SizeOf(entry->path());
    ++result.file_count;
  }
  return result;
}

absl::StatusOr<BackupResult> Store::Backup(int64_t now_us,
                                           const fs::path& folder) {
  const fs::path backups = parts_->options.folder / kBackupFolder;
  // Also for who names a folder in it.
  std::error_code error;
  fs::create_directory(backups, error);
  return BackUpInto(
      [&] {
        return folder.empty() ? NewBackupFolder(backups, now_us)
                              : GivenBackupFolder(folder);
      },
      now_us);
}

absl::StatusOr<BackupResult> Store::BackUpPeriodically(int64_t now_us,
                                                       int keep) {
  const fs::path parent =
      parts_->options.folder / kBackupFolder / kPeriodicFolder;
  auto made =
      BackUpInto([&] { return NewBackupFolder(parent, now_us); }, now_us);
  if (!made.ok()) return made;
  std::vector<fs::path> all = CompleteBackups(parent);
  std::error_code error;
  for (size_t i = 0; i + static_cast<size_t>(keep) < all.size(); ++i)
    fs::remove_all(all[i], error);
  return made;
}

std::optional<int64_t> Store::LastBackupUs() const {
  const fs::path backups = parts_->options.folder / kBackupFolder;
  std::optional<int64_t> last;
  for (const fs::path& parent : {backups, backups / kPeriodicFolder})
    for (const fs::path& folder : CompleteBackups(parent))
      last = std::max(last, BackupTimeUs(folder));
  return last;
}

void Store::CancelBackups() { parts_->has_cancelled_backups = true; }

std::optional<BackupProgress> Store::BackupUnderWay() const {
  const int64_t total_bytes = parts_->backup_total_bytes;
  if (total_bytes == 0) return std::nullopt;
  return BackupProgress{parts_->backup_done_bytes, total_bytes};
}

}  // namespace engram::store
