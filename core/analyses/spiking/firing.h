#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/analyses/spiking/spike_trains.h"

namespace engram {

// Spikes by unit and second [Hz]; empty for no units or no time.
std::optional<double> MeanRate(const SpikeTrains& trains);
// Of each unit [Hz].
std::vector<double> UnitRates(const SpikeTrains& trains);

// How irregular a population fires: the standard deviation of a unit's
// intervals over their mean (1 for a Poisson process, 0 for a clock), averaged
// over the units with enough spikes.
struct IntervalVariation {
  int64_t units = 0;         // that had enough
  std::optional<double> cv;  // mean over them [1]; empty without any
};

// With n in the variance, as is usual for intervals. `least_spikes` is at least
// 3, so that there are two of them.
IntervalVariation VariationOfIntervals(const SpikeTrains& trains,
                                       int64_t least_spikes = 5);

// A burst is a run of at least `least_spikes` spikes of a unit, each less than
// `gap_ms` after the one before.
struct BurstRule {
  int64_t least_spikes = 3;
  double gap_ms = 10;
};

struct Bursts {
  int64_t count = 0;
  int64_t spikes = 0;          // that are part of one
  int64_t bursting_units = 0;  // with at least one
};

Bursts FindBursts(const SpikeTrains& trains, const BurstRule& rule = {});

}  // namespace engram
