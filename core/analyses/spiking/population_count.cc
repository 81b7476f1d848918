#include "core/analyses/spiking/population_count.h"

#include <algorithm>
#include <cmath>

#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

struct Bins {
  int64_t count;  // whole bins of the window
  int64_t steps;  // of one
};

Bins BinsOf(const SpikeTrains& trains, double bin_ms) {
  ENGRAM_EXPECT(bin_ms > 0);
  const int64_t steps =
      std::max<int64_t>(1, std::llround(bin_ms / trains.dt()));
  return {.count = trains.steps() / steps, .steps = steps};
}

// Population variance of a unit's count, from its spikes alone.
double VarianceOfUnit(std::span<const int64_t> train, const Bins& bins) {
  double sum = 0, squares = 0;
  for (size_t k = 0; k < train.size();) {
    const int64_t bin = train[k] / bins.steps;
    double in_bin = 0;
    for (; k < train.size() && train[k] / bins.steps == bin; ++k) ++in_bin;
    if (bin >= bins.count) break;
    sum += in_bin;
    squares += in_bin * in_bin;
  }
  const double n = static_cast<double>(bins.count);
  return squares / n - (sum / n) * (sum / n);
}

void AddScaled(std::span<const int64_t> train, const Bins& bins, double scale,
               std::vector<double>& count) {
  for (int64_t step : train) {
    const int64_t bin = step / bins.steps;
    if (bin < bins.count) count[static_cast<size_t>(bin)] += scale;
  }
}

}  // namespace

std::vector<double> PopulationCount(const SpikeTrains& trains, double bin_ms) {
  const Bins bins = BinsOf(trains, bin_ms);
  std::vector<double> count(static_cast<size_t>(bins.count));
  for (int64_t i = 0; i < trains.units(); ++i) {
    AddScaled(trains.Train(i), bins, 1, count);
  }
  return count;
}

std::vector<double> UnitCount(const SpikeTrains& trains, int64_t unit,
                              double bin_ms) {
  const Bins bins = BinsOf(trains, bin_ms);
  std::vector<double> count(static_cast<size_t>(bins.count));
  AddScaled(trains.Train(unit), bins, 1, count);
  return count;
}

std::optional<double> CountSynchrony(std::span<const double> count) {
  const std::optional<double> variance = statistics::Variance(count);
  const std::optional<double> mean = statistics::Mean(count);
  if (!variance || !mean || *mean <= 0) return std::nullopt;
  return *variance / *mean;
}

std::optional<double> MeanPairCorrelation(const SpikeTrains& trains,
                                          double bin_ms) {
  const Bins bins = BinsOf(trains, bin_ms);
  if (bins.count < 2) return std::nullopt;
  std::vector<double> sum_of_z(static_cast<size_t>(bins.count));
  double varying = 0;
  for (int64_t i = 0; i < trains.units(); ++i) {
    const double variance = VarianceOfUnit(trains.Train(i), bins);
    if (variance <= 0) continue;
    ++varying;
    AddScaled(trains.Train(i), bins, 1 / std::sqrt(variance), sum_of_z);
  }
  if (varying < 2) return std::nullopt;
  const double n = static_cast<double>(bins.count);
  const double variance = *statistics::Variance(sum_of_z) * (n - 1) / n;
  return (variance - varying) / (varying * (varying - 1));
}

}  // namespace engram
