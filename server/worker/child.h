#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// A process that leads a process group of its own, so that it can be ended
// together with all that it started. It dies with the thread that started it.
// Does not reap by itself: call Reap exactly once, when `pidfd` is readable.
class Child {
 public:
  // Starts program with arguments, the first of which is its name for itself;
  // `--token-fd N` is appended, where the child reads `token`. Its stdin is
  // empty and its stdout goes to stderr, because the parent's stdout carries
  // the pool's protocol.
  static absl::StatusOr<Child> Start(const std::string& program,
                                     std::vector<std::string> arguments,
                                     absl::string_view token);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  pid_t pid() const { return pid_; }
  // Readable once the process has ended.
  int pidfd() const { return pidfd_; }

  // SIGKILL to the whole group.
  void KillGroup() const;
  // Of the leader, without pages of files; 0 when it cannot be told.
  int64_t ResidentBytes() const;

  struct End {
    std::string how;  // "exit:0", "signal:9"
    int64_t peak_resident_bytes = 0;
  };
  // Waits for the end, kills what is left of the group, forgets the process.
  End Reap() const;

 private:
  Child(pid_t pid, int pidfd) : pid_(pid), pidfd_(pidfd) {}

  pid_t pid_;
  int pidfd_;
};

}  // namespace engram
