#include "server/store/store.h"

#include <sys/random.h>
#include <sys/statvfs.h>

#include <chrono>
#include <system_error>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/array_table.h"
#include "server/store/page_token.h"
#include "server/store/restore.h"
#include "server/store/store_parts.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;

// Chunks of up to 1 MiB in pages of 4 KiB would be chains of 256 pages.
constexpr int kMainPageSize = 4096;
constexpr int kBlobPageSize = 16384;

int64_t SystemNowUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

int64_t SystemSteadyUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

absl::Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  const bool is_new = fs::create_directories(folder, error);
  if (error)
    return absl::FailedPreconditionError(
        absl::StrCat("the data folder ", folder.string(),
                     " cannot be made: ", error.message()));
  // Tokens' hashes and everybody's work lie here.
  if (is_new) fs::permissions(folder, fs::perms::owner_all, error);
  return absl::OkStatus();
}

absl::Status CheckFolder(const StoreOptions& options) {
  std::error_code error;
  if (fs::exists(options.folder / kRestoreFolder, error))
    return absl::FailedPreconditionError(absl::StrCat(
        "the data folder ", options.folder.string(),
        " holds half of a backup: a restore into it was cut off; empty the "
        "folder and run engramd restore again"));
  absl::StatusOr<int64_t> magic = options.file_system_magic(options.folder);
  if (!magic.ok()) return magic.status();
  return CheckFileSystem(options.folder, *magic);
}

absl::StatusOr<std::unique_ptr<Connection>> OpenFile(
    const StoreOptions& options, const fs::path& file, const Schema& schema,
    int page_size) {
  auto connection = Connection::OpenWriter(
      file, {.page_size = page_size, .max_page_count = options.max_page_count});
  if (!connection.ok()) return connection;
  absl::Status migrated =
      Migrate(**connection, schema, options.folder / kBackupFolder);
  if (!migrated.ok()) return migrated;
  return connection;
}

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  ENGRAM_EXPECT(getrandom(bytes.data(), count, 0) ==
                static_cast<ssize_t>(count));
  return bytes;
}

int64_t SizeOrZero(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : static_cast<int64_t>(size);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(StoreOptions options) {
  if (!options.file_system_magic) options.file_system_magic = FileSystemMagic;
  if (!options.now_us) options.now_us = SystemNowUs;
  if (!options.steady_us) options.steady_us = SystemSteadyUs;
  if (absl::Status made = MakeFolder(options.folder); !made.ok()) return made;
  if (absl::Status fine = CheckFolder(options); !fine.ok()) return fine;
  absl::StatusOr<FolderLock> lock = FolderLock::Take(options.folder);
  if (!lock.ok()) return lock.status();
  const fs::path main_file = options.folder / kMainFile;
  const fs::path blob_file = options.folder / kBlobFile;
  // Both are looked at before either is opened.
  for (const auto& [file, schema] :
       {std::pair(main_file, MainSchema()), std::pair(blob_file, BlobSchema())})
    if (absl::Status fine = CheckFile(file, schema); !fine.ok()) return fine;
  auto main = OpenFile(options, main_file, MainSchema(), kMainPageSize);
  if (!main.ok()) return main.status();
  auto blob = OpenFile(options, blob_file, BlobSchema(), kBlobPageSize);
  if (!blob.ok()) return blob.status();
  auto store = std::unique_ptr<Store>(
      new Store(std::make_unique<Parts>(std::move(options), *std::move(lock),
                                        *std::move(main), *std::move(blob))));
  absl::Status keyed = store->Write([](Transaction& transaction) {
    EnsurePageTokenKey(transaction, RandomBytes(32));
    return absl::OkStatus();
  });
  if (!keyed.ok()) return keyed;
  return store;
}

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Store::~Store() = default;

absl::Status Store::Write(WriteWork work) {
  return parts_->writer.Write(std::move(work));
}

void Store::WriteAsync(WriteWork work, Done done) {
  parts_->writer.WriteAsync(std::move(work), std::move(done));
}

absl::Status Store::ReadWith(const std::function<void(Reader&)>& read) {
  return parts_->readers.Read(read);
}

void Store::SetCommitListener(
    std::function<void(std::vector<StoredEvent>)> listener) {
  parts_->writer.SetCommitListener(std::move(listener));
}

Blobs& Store::blobs() { return parts_->blobs; }

absl::StatusOr<CollectResult> Store::CollectGarbage(bool dry_run) {
  MutexLock lock(parts_->maintenance);
  absl::flat_hash_set<Digest> used;
  absl::Status read = ReadWith([&](Reader& reader) {
    ForEachUsedChunk(reader, [&](absl::string_view bytes) {
      absl::StatusOr<Digest> digest = DigestFromBytes(bytes);
      ENGRAM_EXPECT(digest.ok());
      used.insert(*digest);
    });
  });
  if (!read.ok()) return read;
  return parts_->blobs.Collect(used, dry_run);
}

int Store::schema_version() const { return MainSchema().version(); }

int64_t Store::DatabaseBytes() const {
  int64_t bytes = 0;
  for (const char* name : {kMainFile, kBlobFile})
    for (const char* ending : {"", "-wal"})
      bytes += SizeOrZero(folder() / absl::StrCat(name, ending));
  return bytes;
}

int64_t Store::FreeDiskBytes() const {
  struct statvfs info;
  if (statvfs(folder().c_str(), &info) != 0) return 0;
  return static_cast<int64_t>(info.f_bavail) *
         static_cast<int64_t>(info.f_frsize);
}

int64_t Store::commit_count() const { return parts_->writer.commit_count(); }

StoreFigures Store::Figures() const {
  const Writer& main = parts_->writer;
  const fs::path main_file = folder() / kMainFile;
  const fs::path blob_file = folder() / kBlobFile;
  const ReaderPool::Figures readers = parts_->readers.figures();
  return {.commits = main.commit_count(),
          .commit_seconds = main.commit_seconds(),
          .checkpoints = main.checkpoint_count(),
          .main_bytes = SizeOrZero(main_file),
          .main_wal_bytes = SizeOrZero(main_file.string() + "-wal"),
          .blob_commits = parts_->blobs.commit_count(),
          .blob_bytes = SizeOrZero(blob_file),
          .blob_wal_bytes = SizeOrZero(blob_file.string() + "-wal"),
          .reads = readers.reads,
          .waiting_reads = readers.waits};
}

const fs::path& Store::folder() const { return parts_->options.folder; }

}  // namespace engram::store
