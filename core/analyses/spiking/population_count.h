#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/analyses/spiking/spike_trains.h"

namespace engram {

// Spikes of all units in bins of `bin_ms` (a whole number of steps, at least
// one); what is left over at the end is not counted.
std::vector<double> PopulationCount(const SpikeTrains& trains,
                                    double bin_ms = 1);

// The same of one unit's spikes.
std::vector<double> UnitCount(const SpikeTrains& trains, int64_t unit,
                              double bin_ms);

// Variance over mean of the count: 1 for independent Poisson units, up to the
// number of units when all fire together. Empty without spikes, or with fewer
// than two bins.
std::optional<double> CountSynchrony(std::span<const double> count);

// Pearson's correlation of the counts of two units in bins of `bin_ms`, as the
// mean over all pairs of units that vary. Exact for all pairs at the cost of
// one pass, since the standardised counts z_i give
//   mean of r_ij over i != j = (var(sum_i z_i) - n) / (n (n - 1)).
// Empty with fewer than two units that vary.
std::optional<double> MeanPairCorrelation(const SpikeTrains& trains,
                                          double bin_ms);

}  // namespace engram
