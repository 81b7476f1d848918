#include "core/analyses/spiking/spike_trains.h"

#include "core/base/contract.h"

namespace engram {

SpikeTrains::SpikeTrains(const SpikeWindow& window,
                         std::span<const int64_t> steps,
                         std::span<const int32_t> units)
    : window_(window), first_(static_cast<size_t>(window.units) + 1) {
  ENGRAM_EXPECT(steps.size() == units.size());
  ENGRAM_EXPECT(window.begin <= window.end && window.dt > 0);
  const auto is_inside = [&](size_t k) {
    return steps[k] >= window_.begin && steps[k] < window_.end;
  };
  for (size_t k = 0; k < steps.size(); ++k) {
    ENGRAM_EXPECT(units[k] >= 0 && units[k] < window.units);
    if (is_inside(k)) ++first_[static_cast<size_t>(units[k]) + 1];
  }
  for (size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  steps_.resize(static_cast<size_t>(first_.back()));
  std::vector<int64_t> next(first_.begin(), first_.end() - 1);
  for (size_t k = 0; k < steps.size(); ++k) {
    if (!is_inside(k)) continue;
    int64_t& place = next[static_cast<size_t>(units[k])];
    steps_[static_cast<size_t>(place++)] = steps[k] - window_.begin;
  }
}

std::span<const int64_t> SpikeTrains::Train(int64_t unit) const {
  const auto i = static_cast<size_t>(unit);
  return std::span(steps_).subspan(
      static_cast<size_t>(first_[i]),
      static_cast<size_t>(first_[i + 1]) - static_cast<size_t>(first_[i]));
}

}  // namespace engram
