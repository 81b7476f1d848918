#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace engram {

// A worker's own folder below the one that all share: made at its start and
// removed at its end. Those of processes that were killed are removed by
// whoever starts next: the owner of each holds a lock on it while it lives.
class SpoolFolder {
 public:
  // `parent` is made when it is not there, for this user alone;
  // FAILED_PRECONDITION when it is another user's.
  static absl::StatusOr<SpoolFolder> Make(const std::string& parent);
  SpoolFolder(SpoolFolder&& other) noexcept;
  SpoolFolder& operator=(SpoolFolder&&) = delete;
  ~SpoolFolder();

  const std::string& path() const { return path_; }

 private:
  SpoolFolder(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  std::string path_;
  int fd_;  // of the folder, locked
};

// Where a worker that is not told otherwise has its spool.
std::string DefaultSpool();

}  // namespace engram
