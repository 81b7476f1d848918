#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/migrations.h"

namespace engram::store {

// Keeps a second server out of a data folder: holds an exclusive flock on the
// file `lock` in it, which ends with the process however it ends.
class FolderLock {
 public:
  // FAILED_PRECONDITION: another process has it; says which.
  static absl::StatusOr<FolderLock> Take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

// Magic number of the file system that holds the path.
absl::StatusOr<int64_t> FileSystemMagic(const std::filesystem::path& path);

// FAILED_PRECONDITION for a file system whose locks or shared memory do not
// hold across machines: NFS, SMB, most of FUSE, and other network ones. 9p is
// let through: it is as often a folder of the same machine, in a container.
absl::Status CheckFileSystem(const std::filesystem::path& folder,
                             int64_t magic);

// Looks at a database file without opening it as one. FAILED_PRECONDITION: not
// a SQLite file, of another program, shorter than it says, or of a newer
// schema. A file that is absent or empty is fine.
absl::Status CheckFile(const std::filesystem::path& file, const Schema& schema);

}  // namespace engram::store
