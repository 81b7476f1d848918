#pragma once

#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "core/base/mutex.h"

namespace engram {

// One thread that does what is due now and then: leases, last uses of tokens,
// requests and events that are old enough to be forgotten.
class Ticker {
 public:
  struct Chore {
    int64_t every_us = 0;
    std::function<void()> work;  // must not throw
  };
  explicit Ticker(std::vector<Chore> chores);
  // Finishes the chore at work and ends.
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Serve();
  // Waits until the time has come; false when it is to end.
  bool WaitUntil(int64_t steady_us);

  const std::vector<Chore> chores_;
  Mutex mu_;
  CondVar changed_;
  bool is_ending_ GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace engram
