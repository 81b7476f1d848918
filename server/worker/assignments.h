#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "core/base/mutex.h"
#include "engram/v1/workers.pb.h"
#include "server/worker/stop_order.h"

namespace engram {

// What a worker has been given: the attempt that it executes and those that
// wait behind it. Thread-safe: the stream's reader gives and stops, the
// executing thread takes.
class Assignments {
 public:
  // Held beside the one that runs: short runs then follow each other without
  // a round trip between.
  static constexpr size_t kMaxHeld = 16;

  struct Taken {
    v1::RunAssignment assignment;
    StopOrder stop;
  };

  // False when it cannot be held (too many, or told to quit): hand it back.
  // One that is held already, told again after a reconnect, changes nothing.
  bool Give(v1::RunAssignment assignment);

  // The next to execute, which then is the running one; waits. Nothing once
  // told to quit or abandoned.
  std::optional<Taken> Take();
  // The running one has ended.
  void Ended();

  enum class StopEffect { kUnknown, kRunning, kHeld };
  // Asks the running attempt to stop, or forgets a held one: its end is then
  // the caller's to report.
  StopEffect Stop(const v1::AttemptKey& key, bool yield);

  // No more attempts; what was held and not begun.
  std::vector<v1::AttemptKey> Quit();
  // Quit, and the running one is stopped: nobody is left to report to.
  void Abandon();

  // The running one first.
  std::vector<v1::AttemptKey> Keys() const;
  // Told to quit, and nothing runs.
  bool finished() const;

 private:
  mutable Mutex mu_;
  CondVar given_;
  std::deque<v1::RunAssignment> held_ GUARDED_BY(mu_);
  std::optional<v1::AttemptKey> running_ GUARDED_BY(mu_);
  StopOrder stop_ GUARDED_BY(mu_);  // of the running one
  bool quit_ GUARDED_BY(mu_) = false;
};

}  // namespace engram
