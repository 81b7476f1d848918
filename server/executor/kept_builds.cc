#include "server/executor/kept_builds.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"

namespace engram {
namespace {

namespace fs = std::filesystem;

// Of a copy that is not whole yet.
constexpr absl::string_view kUnfinished = ".copy";

bool IsId(absl::string_view name) {
  return name.size() == 64 && std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
                  (c >= 'a' && c <= 'f');
         });
}

absl::Status Failed(const fs::path& path) {
  return absl::ErrnoToStatus(errno,
                             absl::StrCat(path.string(), " cannot be written"));
}

absl::Status WriteAll(int fd, absl::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed(path);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

// Name and size of a program, whose bytes go by in pieces: workers are large.
template <class Take>
absl::StatusOr<BuildFile> ReadProgram(const fs::path& path, const Take& take) {
  std::ifstream file(path, std::ios::binary);
  Sha256Stream hash;
  BuildFile read;
  std::vector<char> piece(1 << 20);
  while (file) {
    file.read(piece.data(), std::ssize(piece));
    const absl::string_view bytes(piece.data(),
                                  static_cast<size_t>(file.gcount()));
    hash.Add(bytes);
    read.byte_size += file.gcount();
    if (auto status = take(bytes); !status.ok()) return status;
  }
  if (!file.eof()) {
    return absl::FailedPreconditionError(absl::StrCat(
        path.string(), " cannot be read: is there such a program?"));
  }
  const auto digest = hash.Finish();
  read.id = absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(digest.data()), digest.size()));
  return read;
}

absl::StatusOr<BuildFile> ReadProgram(const fs::path& path) {
  return ReadProgram(path, [](absl::string_view) { return absl::OkStatus(); });
}

// Executable by the service's user alone, and by nobody to be changed.
absl::StatusOr<BuildFile> CopyProgram(const fs::path& from,
                                      const fs::path& to) {
  const int fd = open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                      S_IRUSR | S_IWUSR);
  if (fd < 0) return Failed(to);
  auto copied = ReadProgram(
      from, [&](absl::string_view bytes) { return WriteAll(fd, bytes, to); });
  const bool is_whole =
      copied.ok() && fsync(fd) == 0 && fchmod(fd, S_IRUSR | S_IXUSR) == 0;
  if (copied.ok() && !is_whole) copied = Failed(to);
  close(fd);
  return copied;
}

absl::Status SyncFolder(const fs::path& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Failed(folder);
  const bool is_synced = fsync(fd) == 0;
  absl::Status status = is_synced ? absl::OkStatus() : Failed(folder);
  close(fd);
  return status;
}

}  // namespace

KeptBuilds::KeptBuilds(fs::path folder) : folder_(std::move(folder)) {}

absl::StatusOr<std::unique_ptr<KeptBuilds>> KeptBuilds::Open(fs::path folder) {
  std::unique_ptr<KeptBuilds> builds(new KeptBuilds(std::move(folder)));
  absl::Status status = builds->Load();
  if (!status.ok()) return status;
  return builds;
}

absl::Status KeptBuilds::Load() {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error) fs::permissions(folder_, fs::perms::owner_all, error);
  MutexLock lock(mu_);
  for (fs::directory_iterator it(folder_, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (absl::EndsWith(name, kUnfinished)) fs::remove(it->path(), error);
    if (!IsId(name)) continue;
    builds_[name].byte_size = static_cast<int64_t>(it->file_size(error));
  }
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the builds in ", folder_.string(),
                   " cannot be looked at: ", error.message()));
}

absl::StatusOr<BuildFile> KeptBuilds::Keep(const fs::path& program) {
  auto file = ReadProgram(program);
  if (!file.ok()) return file;
  if (Has(file->id) && Program(file->id).ok()) return file;
  file = Copy(program);
  if (!file.ok()) return file;
  {
    MutexLock lock(mu_);
    builds_[file->id] = {.byte_size = file->byte_size, .is_verified = false};
  }
  // What the disk gives back is what counts.
  if (auto kept = Program(file->id); !kept.ok()) return kept.status();
  return file;
}

absl::StatusOr<BuildFile> KeptBuilds::Copy(const fs::path& program) const {
  const fs::path copy = folder_ / absl::StrCat("new", kUnfinished);
  std::error_code ignored;
  fs::remove(copy, ignored);
  auto file = CopyProgram(program, copy);
  if (file.ok() && rename(copy.c_str(), (folder_ / file->id).c_str()) != 0) {
    file = Failed(folder_ / file->id);
  }
  if (!file.ok()) {
    fs::remove(copy, ignored);
    return file;
  }
  if (auto status = SyncFolder(folder_); !status.ok()) return status;
  return file;
}

bool KeptBuilds::Has(absl::string_view id) const {
  MutexLock lock(mu_);
  return builds_.contains(id);
}

absl::StatusOr<fs::path> KeptBuilds::Program(absl::string_view id) {
  const fs::path path = folder_ / std::string(id);
  MutexLock lock(mu_);
  const auto kept = builds_.find(id);
  if (kept == builds_.end()) {
    return absl::NotFoundError(
        absl::StrCat("build ", id.substr(0, 12), " is not kept"));
  }
  if (kept->second.is_verified) return path;
  const auto file = ReadProgram(path);
  if (!file.ok() || file->id != id) {
    builds_.erase(kept);
    return absl::DataLossError(absl::StrCat(
        path.string(),
        " is not the program that its name says: put an intact copy there and "
        "restart the server, or remove it"));
  }
  kept->second.is_verified = true;
  return path;
}

std::vector<BuildFile> KeptBuilds::List() const {
  std::vector<BuildFile> files;
  MutexLock lock(mu_);
  for (const auto& [id, kept] : builds_) files.push_back({id, kept.byte_size});
  return files;
}

absl::Status KeptBuilds::Remove(absl::string_view id) {
  MutexLock lock(mu_);
  const auto kept = builds_.find(id);
  if (kept == builds_.end()) return absl::OkStatus();
  std::error_code error;
  fs::remove(folder_ / kept->first, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat((folder_ / kept->first).string(),
                     " cannot be removed: ", error.message()));
  }
  builds_.erase(kept);
  return SyncFolder(folder_);
}

}  // namespace engram
