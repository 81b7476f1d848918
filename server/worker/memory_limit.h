#pragma once

#include <cstdint>

namespace engram {

// Sets what the allocator is asked for once, first thing in main: large arrays
// go back to the kernel when they are freed, so that an attempt does not pay
// for the one before it.
void PrepareAllocator();

// Holds the process to what it has at construction, plus `bytes`, until the
// end of the scope: a larger allocation throws std::bad_alloc. `bytes` 0 is no
// limit. What the outbox may take meanwhile is added.
//
// RLIMIT_DATA counts all private writable memory (Linux 4.7 and later), also
// what is reserved and not touched; it is the process's, so one attempt at a
// time.
class ScopedMemoryLimit {
 public:
  explicit ScopedMemoryLimit(int64_t bytes);
  ~ScopedMemoryLimit();
  ScopedMemoryLimit(const ScopedMemoryLimit&) = delete;
  ScopedMemoryLimit& operator=(const ScopedMemoryLimit&) = delete;

 private:
  bool is_set_ = false;
  uint64_t before_ = 0;
};

}  // namespace engram
