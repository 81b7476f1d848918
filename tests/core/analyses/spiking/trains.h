#pragma once

// Spike trains whose statistics are known, for tests of measures.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numbers>
#include <utility>
#include <vector>

#include "core/analyses/spiking/spike_trains.h"
#include "core/base/random.h"

namespace engram {

struct SpikeList {
  std::vector<int64_t> steps;
  std::vector<int32_t> units;

  void Add(int64_t step, int64_t unit) {
    steps.push_back(step);
    units.push_back(static_cast<int32_t>(unit));
  }
  SpikeTrains In(const SpikeWindow& window) const {
    return SpikeTrains(window, steps, units);
  }
};

// Each unit fires in a step with the probability that `chance` gives for the
// step, on its own.
inline SpikeList RandomSpikes(int64_t units, int64_t steps,
                              const std::function<double(int64_t)>& chance,
                              uint64_t seed = 1) {
  const RandomStream random(seed, "test", "spikes");
  std::vector<double> draws(static_cast<size_t>(units));
  SpikeList spikes;
  for (int64_t step = 0; step < steps; ++step) {
    random.Fill(step, draws);
    for (int64_t i = 0; i < units; ++i) {
      if (draws[static_cast<size_t>(i)] < chance(step)) spikes.Add(step, i);
    }
  }
  return spikes;
}

}  // namespace engram
