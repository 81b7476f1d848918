#include "server/worker/pace.h"

#include <algorithm>

namespace engram {

void Pace::Took(int64_t done, std::chrono::nanoseconds elapsed) {
  if (done < 1) return;
  const double per_tick = std::max(1.0, static_cast<double>(elapsed.count())) /
                          static_cast<double>(done);
  const double target =
      static_cast<double>(std::chrono::nanoseconds(kTarget).count());
  const double wanted =
      std::min(target / per_tick, 4.0 * static_cast<double>(ticks_));
  // Far above what any program has ticks, and safe to multiply by four.
  constexpr double kMost = 1e15;
  ticks_ = static_cast<int64_t>(std::clamp(wanted, 1.0, kMost));
}

}  // namespace engram
