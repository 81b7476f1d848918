#pragma once

#include <cstdint>

#include "core/base/mutex.h"
#include "server/queue/clock.h"
#include "server/watch/watcher.h"

namespace engram {

// Turned by hand.
class TurnedClock final : public Clock {
 public:
  int64_t NowUs() const override { return SteadyUs(); }
  int64_t SteadyUs() const override {
    MutexLock lock(mu_);
    return now_us_;
  }
  void Advance(int64_t us) {
    MutexLock lock(mu_);
    now_us_ += us;
  }

 private:
  mutable Mutex mu_;
  int64_t now_us_ GUARDED_BY(mu_) = 1'000'000;
};

// Messages that say no more than a test looks at: sequence, time [us, as
// seconds], whose, a log line's text, new points.
WatchMessages PlainMessages();

}  // namespace engram
