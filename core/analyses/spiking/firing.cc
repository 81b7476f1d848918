#include "core/analyses/spiking/firing.h"

#include <cmath>
#include <span>

#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

double VariationOf(std::span<const double> intervals) {
  const double n = static_cast<double>(intervals.size());
  const double variance = *statistics::Variance(intervals) * (n - 1) / n;
  return std::sqrt(variance) / *statistics::Mean(intervals);
}

std::vector<double> Intervals(std::span<const int64_t> train) {
  std::vector<double> intervals;
  for (size_t k = 1; k < train.size(); ++k) {
    intervals.push_back(static_cast<double>(train[k] - train[k - 1]));
  }
  return intervals;
}

// Adds the bursts of one unit.
void AddBursts(std::span<const int64_t> train, double gap_steps,
               int64_t least_spikes, Bursts& found) {
  const int64_t before = found.count;
  int64_t run = train.empty() ? 0 : 1;
  const auto end_run = [&] {
    if (run < least_spikes) return;
    ++found.count;
    found.spikes += run;
  };
  for (size_t k = 1; k < train.size(); ++k) {
    if (static_cast<double>(train[k] - train[k - 1]) < gap_steps) {
      ++run;
      continue;
    }
    end_run();
    run = 1;
  }
  end_run();
  if (found.count > before) ++found.bursting_units;
}

}  // namespace

std::optional<double> MeanRate(const SpikeTrains& trains) {
  const double unit_seconds =
      static_cast<double>(trains.units()) * trains.duration_ms() * 1e-3;
  if (unit_seconds <= 0) return std::nullopt;
  return static_cast<double>(trains.spikes()) / unit_seconds;
}

std::vector<double> UnitRates(const SpikeTrains& trains) {
  std::vector<double> rates(static_cast<size_t>(trains.units()));
  const double seconds = trains.duration_ms() * 1e-3;
  for (int64_t i = 0; i < trains.units() && seconds > 0; ++i) {
    rates[static_cast<size_t>(i)] =
        static_cast<double>(trains.Train(i).size()) / seconds;
  }
  return rates;
}

IntervalVariation VariationOfIntervals(const SpikeTrains& trains,
                                       int64_t least_spikes) {
  ENGRAM_EXPECT(least_spikes >= 3);
  std::vector<double> cvs;
  for (int64_t i = 0; i < trains.units(); ++i) {
    const std::span<const int64_t> train = trains.Train(i);
    if (static_cast<int64_t>(train.size()) < least_spikes) continue;
    cvs.push_back(VariationOf(Intervals(train)));
  }
  return {.units = static_cast<int64_t>(cvs.size()),
          .cv = statistics::Mean(cvs)};
}

Bursts FindBursts(const SpikeTrains& trains, const BurstRule& rule) {
  ENGRAM_EXPECT(rule.least_spikes >= 2 && rule.gap_ms > 0);
  // Half a thousandth of a step of grace keeps an interval that equals the
  // gap, up to the rounding of gap / dt, out of a burst.
  const double gap_steps = rule.gap_ms / trains.dt() - 5e-4;
  Bursts found;
  for (int64_t i = 0; i < trains.units(); ++i) {
    AddBursts(trains.Train(i), gap_steps, rule.least_spikes, found);
  }
  return found;
}

}  // namespace engram
