#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "core/base/mutex.h"

namespace engram {

// The threads on which unary calls run: gRPC's own must never wait for a
// commit, and on two cores it has only two of them.
class Pool {
 public:
  explicit Pool(int threads);
  // Runs what was added and ends.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // `work` must not throw. Thread-safe.
  void Add(std::function<void()> work);

 private:
  void Serve();

  Mutex mu_;
  CondVar changed_;
  std::deque<std::function<void()>> waiting_ GUARDED_BY(mu_);
  bool ending_ GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace engram
