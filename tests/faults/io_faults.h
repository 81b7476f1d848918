#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/mutex.h"

namespace engram::faults {

enum class Kind {
  kIoError,     // EIO from any call
  kDiskFull,    // ENOSPC from what may need room
  kShortWrite,  // half of the bytes are written; ENOSPC when that is none
  kFailedSync,  // EIO from fsync, and what was not yet on the disk never gets
                // there, though it can still be read until the power is cut
};

// Which call fails, of those that the kind can happen to, from 1 on.
struct Plan {
  Kind kind = Kind::kIoError;
  int64_t at = 0;
  bool for_good = false;  // all later ones, too
};

// The calls of the C library that a file can fail by.
enum class Call {
  kOpen,
  kMake,
  kRead,
  kWrite,
  kTruncate,
  kSync,
  kStat,
  kUnlink
};

// Stands between this program (SQLite and the C++ library with it) and its
// files below one folder, for as long as it lives: io_calls.cc defines open,
// pwrite, fsync and the others in front of the C library's. One at a time.
//
// It keeps what the disk would have of each file: bytes get there by an fsync
// that succeeds, or not at all. A directory's entries are there at once, and
// the index of a write-ahead log (*-shm) is not a file but shared memory.
class IoFaults {
 public:
  // Everything that is below the folder now is on the disk.
  explicit IoFaults(std::filesystem::path folder);
  ~IoFaults();
  IoFaults(const IoFaults&) = delete;
  IoFaults& operator=(const IoFaults&) = delete;

  void Arm(const Plan& plan);
  void Disarm();
  // Since Arm: calls that the plan's kind can happen to, and those that failed.
  int64_t call_count() const { return call_count_; }
  int64_t failure_count() const { return failure_count_; }

  // What is below the folder after the power was cut now, put into another.
  void CutPower(const std::filesystem::path& into) const;

  // For io_calls.cc.
  static IoFaults* Watching();
  bool IsBelow(const char* path) const;
  bool Knows(int fd) const;
  bool Fails(Call call);
  bool ShortensWrites() const;
  int error() const;  // of the kind
  void Opened(int fd, const char* path, bool truncated);
  void Closed(int fd);
  void Wrote(int fd, int64_t offset, const void* bytes, size_t count);
  void Truncated(int fd, int64_t size);
  void Synced(int fd, bool succeeded);

 private:
  struct Change {
    int64_t offset = 0;  // or the size to cut to
    bool is_cut = false;
    std::string bytes;
  };
  struct File {
    std::string on_disk;
    std::vector<Change> pending;
  };

  const std::string folder_;
  std::atomic<bool> is_armed_ = false;
  std::atomic<int64_t> call_count_ = 0;
  std::atomic<int64_t> failure_count_ = 0;
  Plan plan_;
  mutable Mutex mu_;
  std::map<int, std::string> open_ GUARDED_BY(mu_);
  std::map<std::string, File> files_ GUARDED_BY(mu_);
};

}  // namespace engram::faults
