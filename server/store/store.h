#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/blobs.h"
#include "server/store/durations.h"
#include "server/store/event_table.h"
#include "server/store/transaction.h"

namespace engram::store {

struct StoreOptions {
  std::filesystem::path folder;  // made when it is not there
  // Magic number of the file system that holds a path; a test gives its own,
  // else statfs(2) says it. Network file systems are refused: their locks
  // cannot be trusted.
  std::function<absl::StatusOr<int64_t>(const std::filesystem::path&)>
      file_system_magic;
  // Clocks, for when chunks were made and for how long they are spared; a test
  // gives its own.
  std::function<int64_t()> now_us;
  std::function<int64_t()> steady_us;
  // Of each database file [pages]; 0: no limit of ours. A test sets it low to
  // fill the disk.
  int64_t max_page_count = 0;
  // A write-ahead log of so many pages is copied into its file; SQLite's own
  // default. A test sets it low to see that happen.
  int checkpoint_pages = 1000;
};

struct BackupTarget;

struct BackupResult {
  std::filesystem::path folder;
  int64_t byte_size = 0;
  int file_count = 0;  // without the manifest
};

struct BackupProgress {
  int64_t done_bytes = 0;
  int64_t total_bytes = 0;  // as known when it began
};

// What monitoring shows of the store.
struct StoreFigures {
  int64_t commits = 0;
  DurationHistogram commit_seconds;  // from the first write to durable
  int64_t checkpoints = 0;           // of the write-ahead log into the file
  int64_t main_bytes = 0, main_wal_bytes = 0;
  int64_t blob_commits = 0;
  int64_t blob_bytes = 0, blob_wal_bytes = 0;
  int64_t reads = 0;
  int64_t waiting_reads = 0;  // that found every reader in use
};

struct CheckResult {
  std::vector<std::string> problems;  // empty when everything fits together
  int64_t chunks_read = 0;            // compared with their digests
  int64_t runs_read = 0;
  int64_t experiments_read = 0;
  int64_t chunks_named = 0;
  std::string advice;  // what to do next; empty without problems
};

// The databases of one server: engram.db and, as `blobs()`, blobs.db. Each has
// one connection that writes and checkpoints, owned by one thread; readers
// take snapshots beside it. All calls are thread-safe.
class Store {
 public:
  // FAILED_PRECONDITION, with nothing touched: another server has the folder
  // open, it lies on a network file system, a file is not ours, truncated, or
  // of a newer schema. An older schema is migrated, after a backup of the file
  // into backup/.
  static absl::StatusOr<std::unique_ptr<Store>> Open(StoreOptions options);
  // Writes what is queued, then closes. No call may be under way.
  ~Store();

  using WriteWork = std::function<absl::Status(Transaction&)>;
  using Done = std::function<void(absl::Status)>;

  // Runs `work` on the writer's thread and returns when what it wrote is
  // durable. Whatever queued while the previous commit ran is committed
  // together; each item in a savepoint of its own, so an error takes back that
  // item alone and is returned. RESOURCE_EXHAUSTED: the disk is full, nothing
  // was kept, later writes may succeed. Not from within `work`.
  absl::Status Write(WriteWork work);
  // The same without waiting: `done` is called on the writer's thread, after
  // the listener, in the order of the calls. It must not block or call Write.
  void WriteAsync(WriteWork work, Done done);

  // `read(Reader&)` sees one consistent snapshot: the commits that were
  // durable when it began. It returns a Status or StatusOr.
  template <class Work>
  auto Read(Work&& read) -> std::invoke_result_t<Work, Reader&> {
    using Result = std::invoke_result_t<Work, Reader&>;
    Result result = absl::UnknownError("not read");
    absl::Status status = ReadWith(
        [&](Reader& reader) { result = std::forward<Work>(read)(reader); });
    if (!status.ok()) return status;
    return result;
  }

  // Called on the writer's thread after each commit that stored events, with
  // them in order, before any of the commit's writes is acknowledged. Set once,
  // before the first write.
  void SetCommitListener(
      std::function<void(std::vector<StoredEvent>)> listener);

  Blobs& blobs();

  // Copies both files, a few pages at a time between commits, and the kept
  // builds, with `manifest.txt`: SHA-256 and name of each file. Into a new
  // folder below backup/, or into `folder`, which is made or empty. What a
  // backup that fails has written is removed.
  absl::StatusOr<BackupResult> Backup(int64_t now_us,
                                      const std::filesystem::path& folder = {});
  // The same below backup/periodic/, of which the newest `keep` stay.
  absl::StatusOr<BackupResult> BackUpPeriodically(int64_t now_us, int keep);
  // Of the newest complete backup in the data folder.
  std::optional<int64_t> LastBackupUs() const;
  // Ends the backup that is being made, and those to come, with CANCELLED:
  // nothing waits for them when the server stops.
  void CancelBackups();
  // How far the backup that is being made has come.
  std::optional<BackupProgress> BackupUnderWay() const;
  // Whether everything fits together; `deep` also reads every tree, series and
  // chunk, and compares chunks with their digests. Damage is a problem that is
  // listed, not a failure of the check.
  absl::StatusOr<CheckResult> Check(bool deep);
  // Removes chunks that nothing names; only counts them with `dry_run`.
  absl::StatusOr<CollectResult> CollectGarbage(bool dry_run);

  int schema_version() const;
  // Of both files with their write-ahead logs.
  int64_t DatabaseBytes() const;
  // Of the disk that holds them.
  int64_t FreeDiskBytes() const;
  // Commits so far, for tests and for figures.
  int64_t commit_count() const;
  StoreFigures Figures() const;
  const std::filesystem::path& folder() const;

 private:
  struct Parts;
  class Checker;
  explicit Store(std::unique_ptr<Parts> parts);
  absl::Status ReadWith(const std::function<void(Reader&)>& read);
  absl::StatusOr<BackupResult> BackUpInto(
      const std::function<absl::StatusOr<BackupTarget>()>& make_folder,
      int64_t now_us);
  absl::Status FillBackup(const std::filesystem::path& folder, int64_t now_us);

  std::unique_ptr<Parts> parts_;
};

}  // namespace engram::store
