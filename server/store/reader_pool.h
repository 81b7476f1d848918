#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "server/store/connection.h"
#include "server/store/transaction.h"

namespace engram::store {

// Connections that read one file. Made when they are needed, up to as many as
// calls are answered at a time, and kept.
class ReaderPool {
 public:
  explicit ReaderPool(std::filesystem::path file) : file_(std::move(file)) {}

  // Runs `read` on one snapshot. Waits while all connections are in use.
  absl::Status Read(const std::function<void(Reader&)>& read);

  struct Figures {
    int64_t reads = 0;
    int64_t waits = 0;  // reads that found all connections in use
  };
  Figures figures() const {
    MutexLock lock(mu_);
    return figures_;
  }

 private:
  absl::StatusOr<std::unique_ptr<Connection>> Take();
  void GiveBack(std::unique_ptr<Connection> connection);

  const std::filesystem::path file_;
  mutable Mutex mu_;
  CondVar given_back_;
  std::vector<std::unique_ptr<Connection>> idle_ GUARDED_BY(mu_);
  int in_use_ GUARDED_BY(mu_) = 0;
  Figures figures_ GUARDED_BY(mu_);
};

}  // namespace engram::store
