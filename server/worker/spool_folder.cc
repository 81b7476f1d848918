#include "server/worker/spool_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kPrefix = "worker-";

absl::Status Unusable(const std::string& folder, int error) {
  return absl::ErrnoToStatus(
      error, absl::StrCat("the spool folder ", folder,
                          " cannot be used; name another with --spool"));
}

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  int Take() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

int OpenFolder(const std::string& path) {
  return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// Of another user it could be anything, in a folder that all may write to.
absl::Status CheckOwner(int fd, const std::string& folder) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) return Unusable(folder, errno);
  if (facts.st_uid == geteuid()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the spool folder ", folder, " belongs to user ", facts.st_uid,
      ", this is user ", geteuid(), "; name another with --spool"));
}

// Nobody who lives holds the lock of a folder that is left over.
void RemoveStale(const std::string& parent) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    if (!absl::StartsWith(entry.path().filename().string(), kPrefix)) continue;
    const Descriptor folder(OpenFolder(entry.path()));
    if (folder.get() < 0 || flock(folder.get(), LOCK_EX | LOCK_NB) != 0) {
      continue;
    }
    std::error_code ignored;
    fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

absl::StatusOr<SpoolFolder> SpoolFolder::Make(const std::string& parent) {
  std::error_code error;
  fs::create_directories(fs::path(parent).parent_path(), error);
  if (mkdir(parent.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return Unusable(parent, errno);
  }
  const Descriptor all(OpenFolder(parent));
  if (all.get() < 0) return Unusable(parent, errno);
  if (absl::Status owned = CheckOwner(all.get(), parent); !owned.ok()) {
    return owned;
  }
  // Held until the own folder is locked, or another worker might take it for
  // one that is left over.
  if (flock(all.get(), LOCK_EX) != 0) return Unusable(parent, errno);
  RemoveStale(parent);
  std::string path = absl::StrCat(parent, "/", kPrefix, getpid(), "-XXXXXX");
  if (mkdtemp(path.data()) == nullptr) return Unusable(parent, errno);
  Descriptor own(OpenFolder(path));
  if (own.get() < 0 || flock(own.get(), LOCK_EX | LOCK_NB) != 0) {
    return Unusable(path, errno);
  }
  return SpoolFolder(std::move(path), own.Take());
}

SpoolFolder::SpoolFolder(SpoolFolder&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

SpoolFolder::~SpoolFolder() {
  if (fd_ < 0) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  close(fd_);
}

std::string DefaultSpool() {
  std::error_code error;
  fs::path folder = fs::temp_directory_path(error);
  if (error) folder = "/tmp";
  return folder / absl::StrCat("engram-spool-", geteuid());
}

}  // namespace engram
