#include "server/queue/clock.h"

#include <chrono>

namespace engram {
namespace {

template <class Source>
int64_t Microseconds() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             Source::now().time_since_epoch())
      .count();
}

class MachineClock final : public Clock {
 public:
  int64_t NowUs() const override {
    return Microseconds<std::chrono::system_clock>();
  }
  int64_t SteadyUs() const override {
    return Microseconds<std::chrono::steady_clock>();
  }
};

}  // namespace

const Clock& SystemClock() {
  static const MachineClock clock;
  return clock;
}

}  // namespace engram
