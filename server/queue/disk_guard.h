#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "absl/status/status.h"

namespace engram {

// Keeps the last of the disk for what must not fail: changes of state, and the
// records of runs at work. Below the low-water mark no run is queued or
// started. Thread-safe.
class DiskGuard {
 public:
  // `free_bytes` asks the disk; a mark of 0 is never reached.
  DiskGuard(std::function<int64_t()> free_bytes, int64_t low_water_bytes);

  // Asks the disk. Low from below the mark until a twentieth above it, so that
  // one that hovers there does not flap.
  bool IsLow();
  // The same as a status for who wants to queue runs: RESOURCE_EXHAUSTED says
  // what is free, what is wanted and what to do.
  absl::Status Admit();

  // As it was when last asked.
  bool was_low() const { return was_low_; }
  int64_t free_bytes() const { return free_bytes_(); }
  int64_t low_water_bytes() const { return low_water_bytes_; }

 private:
  bool Judge(int64_t free_bytes);

  const std::function<int64_t()> free_bytes_;
  const int64_t low_water_bytes_;
  std::atomic<bool> was_low_{false};
};

}  // namespace engram
