#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace engram {

// The stretch of a run that measures look at, in steps of `dt`.
struct SpikeWindow {
  int64_t units = 0;  // of the population
  int64_t begin = 0;  // first step
  int64_t end = 0;    // behind the last step
  double dt = 1;      // [ms]

  double duration_ms() const { return static_cast<double>(end - begin) * dt; }
};

// What a population fired within a window, by unit. Steps count from the
// window's begin.
class SpikeTrains {
 public:
  // Spike k is of `units[k]` in step `steps[k]`, which rise; spikes outside
  // the window are left out.
  SpikeTrains(const SpikeWindow& window, std::span<const int64_t> steps,
              std::span<const int32_t> units);

  int64_t units() const { return window_.units; }
  int64_t steps() const { return window_.end - window_.begin; }
  double dt() const { return window_.dt; }  // [ms]
  double duration_ms() const { return window_.duration_ms(); }
  int64_t spikes() const { return static_cast<int64_t>(steps_.size()); }
  // Steps of one unit's spikes, rising.
  std::span<const int64_t> Train(int64_t unit) const;

 private:
  SpikeWindow window_;
  std::vector<int64_t> first_;  // (units + 1) where a unit's spikes begin
  std::vector<int64_t> steps_;
};

}  // namespace engram
