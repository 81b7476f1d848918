#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/contract.h"
#include "server/store/store_parts.h"

namespace engram::store {
namespace {

namespace fs = std::filesystem;

// Pages a step: a few milliseconds of the writer's time.
constexpr int kPagesAStep = 256;

// A copy under way. Made, stepped and ended on the writer's thread.
struct Copy {
  Copy(const fs::path& file, Connection& source)
      : target(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE),
        backup(target, source.database()) {}
  SQLite::Database target;
  SQLite::Backup backup;
};

// Writes of the same connection between two steps go to the copy as well, so
// it never starts again.
absl::Status CopyFile(Writer& writer, const fs::path& file) {
  std::unique_ptr<Copy> copy;
  bool is_done = false;
  absl::Status status;
  while (status.ok() && !is_done) {
    status = writer.RunBetweenCommits([&](Connection& source) {
      if (copy == nullptr) copy = std::make_unique<Copy>(file, source);
      copy->backup.executeStep(kPagesAStep);
      is_done = copy->backup.getRemainingPageCount() == 0;
      if (is_done) copy.reset();
      return absl::OkStatus();
    });
  }
  if (copy == nullptr) return status;
  absl::Status ended = writer.RunBetweenCommits([&](Connection&) {
    copy.reset();
    return absl::OkStatus();
  });
  return status.ok() ? ended : status;
}

absl::StatusOr<std::string> FileSha256(const fs::path& file) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  ENGRAM_EXPECT(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  std::ifstream in(file, std::ios::binary);
  std::string part(1 << 20, '\0');
  while (in) {
    in.read(part.data(), static_cast<std::streamsize>(part.size()));
    EVP_DigestUpdate(context.get(), part.data(),
                     static_cast<size_t>(in.gcount()));
  }
  if (!in.eof())
    return absl::UnavailableError(
        absl::StrCat(file.string(), " cannot be read back"));
  std::string digest(32, '\0');
  unsigned int size = 0;
  EVP_DigestFinal_ex(context.get(),
                     reinterpret_cast<unsigned char*>(&digest[0]), &size);
  return absl::BytesToHexString(digest);
}

// As `sha256sum -c` reads it.
absl::Status WriteManifest(const fs::path& folder) {
  std::ofstream out(folder / "manifest.txt");
  for (const char* name : {kMainFile, kBlobFile}) {
    absl::StatusOr<std::string> digest = FileSha256(folder / name);
    if (!digest.ok()) return digest.status();
    out << *digest << "  " << name << "\n";
  }
  out.close();
  if (out.fail())
    return absl::ResourceExhaustedError(
        absl::StrCat((folder / "manifest.txt").string(), " cannot be written"));
  return absl::OkStatus();
}

absl::Status SyncFolder(const fs::path& folder) {
  for (const fs::path& path :
       {folder / "manifest.txt", folder, folder.parent_path()}) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    if (!is_synced)
      return absl::UnavailableError(
          absl::StrCat(path.string(), " cannot be made durable"));
  }
  return absl::OkStatus();
}

// backup/2026-01-31T120000Z, with a number where there is one already.
absl::StatusOr<fs::path> NewFolder(const fs::path& parent, int64_t now_us) {
  const std::string name = absl::FormatTime(
      "%Y-%m-%dT%H%M%SZ", absl::FromUnixMicros(now_us), absl::UTCTimeZone());
  std::error_code error;
  fs::create_directories(parent, error);
  for (int n = 1; !error && n < 1000; ++n) {
    const fs::path folder =
        parent / (n == 1 ? name : absl::StrCat(name, "-", n));
    if (fs::create_directory(folder, error)) return folder;
  }
  return absl::UnavailableError(
      absl::StrCat("no folder for the backup can be made in ", parent.string(),
                   ": ", error.message()));
}

absl::Status FillFolder(Writer& main, Writer& blobs, const fs::path& folder) {
  // Rows first: a chunk is durable before the row that names it, so every
  // chunk that this copy names is in the copy of the chunks.
  absl::Status status = CopyFile(main, folder / kMainFile);
  if (status.ok()) status = CopyFile(blobs, folder / kBlobFile);
  if (status.ok()) status = WriteManifest(folder);
  if (status.ok()) status = SyncFolder(folder);
  return status;
}

}  // namespace

absl::StatusOr<BackupResult> Store::Backup(int64_t now_us) {
  MutexLock lock(parts_->maintenance);
  absl::StatusOr<fs::path> made =
      NewFolder(parts_->options.folder / kBackupFolder, now_us);
  if (!made.ok()) return made.status();
  BackupResult result{*made, 0};
  std::error_code error;
  if (absl::Status filled =
          FillFolder(parts_->writer, parts_->blobs.writer(), result.folder);
      !filled.ok()) {
    fs::remove_all(result.folder, error);
    return filled;
  }
  for (const char* name : {kMainFile, kBlobFile})
    result.byte_size +=
        static_cast<int64_t>(fs::file_size(result.folder / name, error));
  return result;
}

}  // namespace engram::store
