#pragma once

#include <cstdint>

namespace engram {

// Time as the server's parts see it; tests turn it by hand. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // What is stored and shown: UTC [us since 1970]. May jump.
  virtual int64_t NowUs() const = 0;
  // What leases and deadlines are measured with: never jumps [us].
  virtual int64_t SteadyUs() const = 0;
};

// The machine's own clocks.
const Clock& SystemClock();

}  // namespace engram
