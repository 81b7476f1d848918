#pragma once

#include <atomic>
#include <cstdint>

namespace engram::store {

// Counts what SQLite does, on connections that are opened while it lives: the
// steps of its virtual machine over all statements that have ended. The same
// on any machine and under any load, unlike time. One at a time.
class StatementWork {
 public:
  StatementWork();
  ~StatementWork();
  StatementWork(const StatementWork&) = delete;
  StatementWork& operator=(const StatementWork&) = delete;

  int64_t steps() const;
};

}  // namespace engram::store
