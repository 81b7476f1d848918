#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "server/queue/clock.h"
#include "server/rpc/settings.h"
#include "server/rpc/ticker.h"

namespace engram::store {
class Store;
}

namespace engram {

class DiskGuard;
class Queue;
class Tokens;

// What a server does by itself now and then: leases and deadlines, the disk's
// low water, last uses of tokens, what is kept for a while alone, backups. What
// may take long has a thread of its own, so that leases do not wait.
class Upkeep {
 public:
  struct Parts {
    const Settings& settings;
    const Clock& clock;
    store::Store& store;
    Queue& queue;
    Tokens& tokens;
    DiskGuard& disk;
    // Whether new runs are taken, as the health service tells.
    std::function<void(bool is_ready)> set_ready;
  };

  // Begins. All outlives it.
  explicit Upkeep(Parts parts);
  // Ends what is at work as soon as that may be left.
  ~Upkeep();

 private:
  std::vector<Ticker::Chore> Chores();
  std::vector<Ticker::Chore> SlowChores();
  absl::Status Forget();
  // Health says so, and so does the log when it changes.
  void WatchDisk();
  void BackUpIfDue();

  const Parts parts_;
  std::atomic<bool> is_ending_ = false;
  bool was_disk_low_ = false;      // of the ticker's thread
  int64_t backup_not_before_ = 0;  // of the slow ticker's thread
  std::unique_ptr<Ticker> ticker_;
  std::unique_ptr<Ticker> slow_ticker_;
};

}  // namespace engram
