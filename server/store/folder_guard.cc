#include "server/store/folder_guard.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace engram::store {
namespace {

absl::Status Refuse(const std::filesystem::path& path, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(path.string(), " ", why));
}

struct NetworkFileSystem {
  int64_t magic;
  const char* name;
};

// statfs(2); SMB2 and Ceph from linux/magic.h.
constexpr NetworkFileSystem kNetworkFileSystems[] = {
    {0x6969, "NFS"},      {0x517B, "SMB"},      {0xFE534D42, "SMB2"},
    {0xFF534D42, "CIFS"}, {0x65735546, "FUSE"}, {0x5346414F, "AFS"},
    {0x00C36400, "Ceph"}, {0x73757245, "Coda"}, {0x0BD00BD0, "Lustre"},
    {0x47504653, "GPFS"},
};

constexpr int64_t kFuse = 0x65735546;

// The file system type of the mount that holds the path, as
// /proc/self/mountinfo names it (proc(5)): "fuse.sshfs". Empty when unknown.
std::string MountType(const std::filesystem::path& path) {
  std::error_code error;
  const std::string whole =
      std::filesystem::weakly_canonical(path, error).string() + "/";
  std::ifstream mounts("/proc/self/mountinfo");
  std::string type;
  size_t longest = 0;
  for (std::string line; std::getline(mounts, line);) {
    const std::vector<absl::string_view> halves = absl::StrSplit(line, " - ");
    const std::vector<absl::string_view> left = absl::StrSplit(halves[0], ' ');
    if (halves.size() < 2 || left.size() < 5) continue;
    const std::string point = left[4] == "/" ? "/" : absl::StrCat(left[4], "/");
    if (!absl::StartsWith(whole, point) || point.size() < longest) continue;
    longest = point.size();
    type = std::string(halves[1].substr(0, halves[1].find(' ')));
  }
  return type;
}

// Programs behind FUSE are of both kinds; these keep their files on a disk of
// this machine (rootless containers, NTFS).
bool IsLocalFuse(const std::filesystem::path& path) {
  const std::string type = MountType(path);
  return type == "fuse.fuse-overlayfs" || type == "fuseblk";
}

// The header of a database file (https://www.sqlite.org/fileformat2.html).
class Header {
 public:
  explicit Header(std::string bytes) : bytes_(std::move(bytes)) {}

  bool is_sqlite() const {
    return bytes_.size() == kBytes &&
           bytes_.compare(0, 16, std::string("SQLite format 3\0", 16)) == 0;
  }
  int64_t page_size() const {
    const int64_t stored = Number(16, 2);
    return stored == 1 ? 65536 : stored;
  }
  int64_t page_count() const { return Number(28, 4); }
  int64_t user_version() const { return Number(60, 4); }
  int64_t application_id() const { return Number(68, 4); }

  static constexpr size_t kBytes = 100;

 private:
  int64_t Number(size_t offset, size_t length) const {
    int64_t value = 0;
    for (size_t i = 0; i < length; ++i)
      value = value * 256 + static_cast<uint8_t>(bytes_[offset + i]);
    return value;
  }
  std::string bytes_;
};

Header ReadHeader(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes(Header::kBytes, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(in.gcount()));
  return Header(std::move(bytes));
}

int64_t SizeOrZero(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<int64_t>(size);
}

// A checkpoint that was cut off leaves a file shorter than its header says,
// with the pages that are missing in the log: at most as many as it has frames.
bool IsTruncated(const std::filesystem::path& file, const Header& header) {
  const int64_t wal_bytes = SizeOrZero(file.string() + "-wal");
  const int64_t frames = wal_bytes / (header.page_size() + 24);
  const int64_t missing =
      header.page_count() - SizeOrZero(file) / header.page_size();
  return missing > frames;
}

}  // namespace

absl::StatusOr<FolderLock> FolderLock::Take(
    const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "lock";
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return Refuse(file, absl::StrCat("cannot be opened: ", strerror(errno)));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    char pid[32] = {};
    const ssize_t length = read(fd, pid, sizeof(pid) - 1);
    close(fd);
    return Refuse(
        folder,
        absl::StrCat("is in use by another engramd",
                     length > 0 ? absl::StrCat(" (process ", pid, ")") : "",
                     ": stop that one first, or give this one another --data"));
  }
  const std::string pid = absl::StrCat(getpid());
  if (ftruncate(fd, 0) != 0 ||
      pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    // The number is for people alone: the lock holds without it.
    static_cast<void>(ftruncate(fd, 0) == 0);
  return FolderLock(fd);
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

FolderLock::~FolderLock() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<int64_t> FileSystemMagic(const std::filesystem::path& path) {
  struct statfs info;
  if (statfs(path.c_str(), &info) != 0)
    return Refuse(path, absl::StrCat("has no file system that could be asked: ",
                                     strerror(errno)));
  return static_cast<int64_t>(info.f_type);
}

absl::Status CheckFileSystem(const std::filesystem::path& folder,
                             int64_t magic) {
  for (const NetworkFileSystem& network : kNetworkFileSystems) {
    if ((magic & 0xffffffff) != network.magic) continue;
    if (network.magic != kFuse || !IsLocalFuse(folder))
      return Refuse(
          folder, absl::StrCat("lies on a network file system (", network.name,
                               "), whose locks cannot keep the database whole: "
                               "choose a folder on "
                               "a local disk with --data"));
  }
  return absl::OkStatus();
}

absl::Status CheckFile(const std::filesystem::path& file,
                       const Schema& schema) {
  if (SizeOrZero(file) == 0) return absl::OkStatus();
  const Header header = ReadHeader(file);
  if (!header.is_sqlite() || header.page_size() < 512)
    return Refuse(file,
                  "is not a database: it is damaged or another "
                  "program's; restore a backup, or choose another --data");
  if (IsTruncated(file, header))
    return Refuse(file, absl::StrCat("is truncated: it has ", SizeOrZero(file),
                                     " bytes and should have ",
                                     header.page_count() * header.page_size(),
                                     "; restore a backup"));
  const bool is_fresh =
      header.application_id() == 0 && header.page_count() <= 1;
  if (header.application_id() != schema.application_id && !is_fresh)
    return Refuse(file, "is another program's database: choose another --data");
  if (header.user_version() > schema.version())
    return Refuse(
        file,
        absl::StrCat("has schema ", header.user_version(),
                     "; this program knows schemas up to ", schema.version(),
                     ": start the newer engramd, or restore a backup"));
  return absl::OkStatus();
}

}  // namespace engram::store
