#include "server/store/restore.h"

#include <SQLiteCpp/Exception.h>
#include <sys/stat.h>

#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/backup_manifest.h"
#include "server/store/file_copy.h"
#include "server/store/sqlite_error.h"
#include "server/store/store_parts.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;

std::string ReadText(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

absl::StatusOr<BackupManifest> ReadManifest(const fs::path& backup) {
  std::error_code error;
  const fs::path file = backup / kManifestFile;
  if (!fs::is_regular_file(file, error))
    return absl::NotFoundError(absl::StrCat(
        backup.string(), " is no backup: it has no ", kManifestFile,
        "; name the folder that `engram admin "
        "backup` has written"));
  auto manifest = ParseManifest(ReadText(file));
  if (!manifest.ok())
    return absl::Status(
        manifest.status().code(),
        absl::StrCat(backup.string(), "/", manifest.status().message()));
  return manifest;
}

absl::Status CheckSchema(const BackupManifest& manifest) {
  for (const auto& [name, has, knows] :
       {std::tuple(kMainFile, manifest.schema, MainSchema().version()),
        std::tuple(kBlobFile, manifest.blob_schema, BlobSchema().version())})
    if (has > knows)
      return absl::FailedPreconditionError(absl::StrCat(
          "the backup's ", name, " has schema ", has,
          "; this program knows schemas up to ", knows,
          ": restore it with the engramd that made it, or a newer one"));
  return absl::OkStatus();
}

// All of the backup's files are there; their sizes together.
absl::StatusOr<int64_t> TotalBytes(const fs::path& backup,
                                   const BackupManifest& manifest) {
  int64_t total = 0;
  for (const auto& [name, digest] : manifest.digests) {
    std::error_code error;
    const auto size = fs::file_size(backup / name, error);
    if (error)
      return absl::DataLossError(
          absl::StrCat("the backup ", backup.string(), " is not whole: ", name,
                       ", which its manifest names, cannot be read (",
                       error.message(), "); take another backup"));
    total += static_cast<int64_t>(size);
  }
  return total;
}

bool IsEmptyFolder(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->path().filename() != "lost+found") return false;
  return !error;
}

// The folder that is restored into; takes back what was begun in it unless it
// is kept.
class Site {
 public:
  static absl::StatusOr<Site> Open(const fs::path& folder) {
    std::error_code error;
    const bool is_new = fs::create_directory(folder, error);
    if (error)
      return absl::FailedPreconditionError(
          absl::StrCat("the data folder ", folder.string(),
                       " cannot be made: ", error.message()));
    if (is_new) fs::permissions(folder, fs::perms::owner_all, error);
    if (!IsEmptyFolder(folder))
      return absl::FailedPreconditionError(absl::StrCat(
          "the data folder ", folder.string(),
          " is not empty; nothing is ever restored over a history: name a new "
          "folder, or move this one away first"));
    fs::create_directory(folder / kRestoreFolder, error);
    if (error)
      return absl::FailedPreconditionError(
          absl::StrCat("the data folder ", folder.string(),
                       " cannot be written: ", error.message()));
    return Site(folder, is_new);
  }
  Site(Site&& other) noexcept
      : folder_(std::move(other.folder_)),
        is_new_(other.is_new_),
        is_open_(std::exchange(other.is_open_, false)) {}
  ~Site() {
    if (!is_open_) return;
    std::error_code error;
    for (const char* name : {kMainFile, kBlobFile, kBuildsFolder})
      fs::remove_all(folder_ / name, error);
    fs::remove_all(stage(), error);
    if (is_new_) fs::remove(folder_, error);
  }

  fs::path stage() const { return folder_ / kRestoreFolder; }

  // Moves what was staged into place. The stage goes last: a server refuses the
  // folder until then.
  absl::Status Keep() {
    std::error_code error;
    for (const char* name : {kBuildsFolder, kBlobFile, kMainFile}) {
      if (!fs::exists(stage() / name, error)) continue;
      fs::rename(stage() / name, folder_ / name, error);
      if (error)
        return absl::UnavailableError(
            absl::StrCat((folder_ / name).string(),
                         " cannot be put in place: ", error.message()));
    }
    if (absl::Status synced = SyncFolder(folder_); !synced.ok()) return synced;
    fs::remove_all(stage(), error);
    is_open_ = false;
    absl::Status synced = SyncFolder(folder_);
    return synced.ok() && is_new_ ? SyncFolder(folder_.parent_path()) : synced;
  }

 private:
  Site(fs::path folder, bool is_new)
      : folder_(std::move(folder)), is_new_(is_new) {}

  fs::path folder_;
  bool is_new_ = false;
  bool is_open_ = true;
};

absl::Status CheckSpace(const fs::path& folder, int64_t wanted_bytes) {
  std::error_code error;
  const auto space = fs::space(folder, error);
  if (error || static_cast<int64_t>(space.available) > wanted_bytes)
    return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "the disk of ", folder.string(), " has ", space.available / 1'000'000,
      " MB free; the backup needs ", wanted_bytes / 1'000'000, " MB"));
}

absl::Status Stage(const fs::path& backup, const fs::path& stage,
                   const BackupManifest& manifest, const OnBytes& on_bytes) {
  std::error_code error;
  for (const auto& [name, wanted] : manifest.digests) {
    fs::create_directories((stage / name).parent_path(), error);
    // Builds are started; databases are not.
    const bool is_build = name != kMainFile && name != kBlobFile;
    auto digest = CopyHashed(backup / name, stage / name,
                             is_build ? S_IRWXU : S_IRUSR | S_IWUSR, on_bytes);
    if (!digest.ok()) return digest.status();
    if (*digest != wanted)
      return absl::DataLossError(absl::StrCat(
          (backup / name).string(), " was altered: it has the digest ", *digest,
          ", its manifest says ", wanted, "; take another backup"));
    if (absl::Status synced = SyncFolder((stage / name).parent_path());
        !synced.ok())
      return synced;
  }
  return absl::OkStatus();
}

// Those of a database that is closed, and has all in its file.
void RemoveLogs(const fs::path& file) {
  std::error_code error;
  for (const char* ending : {"-wal", "-shm"})
    fs::remove(file.string() + ending, error);
}

// Whether a database is ours, of the schema that the manifest says, and whole.
absl::Status CheckDatabase(const fs::path& file, const Schema& schema,
                           int wanted_version) {
  if (absl::Status fine = CheckFile(file, schema); !fine.ok()) return fine;
  auto connection = Connection::OpenReader(file);
  if (!connection.ok()) return connection.status();
  absl::Status status;
  try {
    const int64_t version = (*connection)->Number("PRAGMA user_version");
    Statement check = (*connection)->PrepareOnce("PRAGMA integrity_check(1)");
    if (version != wanted_version)
      status = absl::DataLossError(absl::StrCat(
          file.filename().string(), " has schema ", version,
          ", the manifest says ", wanted_version, "; take another backup"));
    else if (check.Step() && check.View(0) != "ok")
      status = absl::DataLossError(absl::StrCat(file.filename().string(),
                                                " was damaged before it was "
                                                "backed up: ",
                                                check.View(0),
                                                "; take an earlier backup"));
  } catch (const SQLite::Exception& error) {
    status = ToStatus(error);
  }
  connection->reset();
  RemoveLogs(file);
  return status;
}

absl::Status LeaveNumbersOut(const fs::path& file, int64_t now_us) {
  auto connection = Connection::OpenWriter(file, {});
  if (!connection.ok()) return connection.status();
  absl::Status status;
  try {
    for (const std::string& statement :
         {std::string("BEGIN IMMEDIATE"),
          std::string("INSERT INTO sqlite_sequence (name, seq) SELECT 'event',"
                      " 0 WHERE NOT EXISTS"
                      " (SELECT 1 FROM sqlite_sequence WHERE name = 'event')"),
          absl::StrCat("UPDATE sqlite_sequence SET seq = max(seq + 1, ", now_us,
                       ") WHERE name = 'event'"),
          std::string("INSERT INTO meta (name, value)"
                      " SELECT 'forgotten_sequence', seq FROM sqlite_sequence"
                      " WHERE name = 'event'"
                      " ON CONFLICT (name) DO UPDATE SET"
                      " value = excluded.value"),
          std::string("COMMIT")})
      (*connection)->Execute(statement.c_str());
    (*connection)->Checkpoint(/*truncate=*/true);
  } catch (const SQLite::Exception& error) {
    status = ToStatus(error);
  }
  connection->reset();
  RemoveLogs(file);
  return status;
}

}  // namespace

absl::StatusOr<RestoreResult> RestoreBackup(const fs::path& backup,
                                            const fs::path& data,
                                            int64_t now_us,
                                            const RestoreProgress& progress) {
  const auto manifest = ReadManifest(backup);
  if (!manifest.ok()) return manifest.status();
  if (absl::Status fine = CheckSchema(*manifest); !fine.ok()) return fine;
  const auto total_bytes = TotalBytes(backup, *manifest);
  if (!total_bytes.ok()) return total_bytes.status();
  auto site = Site::Open(data);
  if (!site.ok()) return site.status();
  absl::StatusOr<int64_t> magic = FileSystemMagic(data);
  absl::Status status = magic.status();
  if (status.ok()) status = CheckFileSystem(data, *magic);
  if (status.ok()) status = CheckSpace(data, *total_bytes);
  int64_t done_bytes = 0;
  if (status.ok())
    status = Stage(backup, site->stage(), *manifest, [&](int64_t bytes) {
      done_bytes += bytes;
      if (progress) progress(done_bytes, *total_bytes);
      return true;
    });
  if (status.ok())
    status = CheckDatabase(site->stage() / kMainFile, MainSchema(),
                           manifest->schema);
  if (status.ok())
    status = CheckDatabase(site->stage() / kBlobFile, BlobSchema(),
                           manifest->blob_schema);
  if (status.ok()) status = LeaveNumbersOut(site->stage() / kMainFile, now_us);
  if (status.ok()) status = site->Keep();
  if (!status.ok()) return status;
  return RestoreResult{*total_bytes, static_cast<int>(manifest->digests.size()),
                       manifest->schema};
}

}  // namespace engram::store
