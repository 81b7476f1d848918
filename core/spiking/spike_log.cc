#include "core/spiking/spike_log.h"

#include <algorithm>

namespace engram {

void SpikeLog::Forget(int64_t step) {
  const int64_t drop =
      std::clamp<int64_t>(step - first_, 0, end_step() - first_);
  if (drop == 0) return;
  const size_t units = begins_[static_cast<size_t>(drop)];
  units_.erase(units_.begin(), units_.begin() + static_cast<int64_t>(units));
  begins_.erase(begins_.begin(), begins_.begin() + drop);
  for (size_t& begin : begins_) begin -= units;
  first_ += drop;
}

void SpikeLog::Restart(int64_t step) {
  first_ = step;
  units_.clear();
  begins_.assign(1, 0);
}

}  // namespace engram
