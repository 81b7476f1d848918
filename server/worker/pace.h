#pragma once

#include <chrono>
#include <cstdint>

namespace engram {

// How many ticks a program is advanced by in one call, so that a call takes
// about kTarget: long enough that reporting costs nothing, short enough that a
// stop is quick and a watcher sees it move. Changes no bit of a result.
class Pace {
 public:
  static constexpr std::chrono::milliseconds kTarget{50};

  int64_t ticks() const { return ticks_; }
  // The last call did `done` ticks in `elapsed`. The count grows at most
  // fourfold at a time: the first ticks of a run may be the cheap ones.
  void Took(int64_t done, std::chrono::nanoseconds elapsed);

 private:
  int64_t ticks_ = 1;
};

}  // namespace engram
