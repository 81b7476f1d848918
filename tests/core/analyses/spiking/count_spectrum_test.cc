#include "core/analyses/spiking/count_spectrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/analyses/spiking/population_count.h"
#include "core/base/math.h"
#include "core/base/statistics.h"
#include "tests/core/analyses/spiking/trains.h"

namespace engram {
namespace {

std::vector<double> Sinusoid(size_t bins, double hz, double bin_ms,
                             double amplitude) {
  std::vector<double> count(bins);
  for (size_t k = 0; k < bins; ++k) {
    count[k] =
        7 + amplitude * math::Cos(2 * std::numbers::pi * hz *
                                  static_cast<double>(k) * bin_ms / 1000);
  }
  return count;
}

// A sinusoid of amplitude A at a frequency of the grid gives A n / 4 there
// under Hann's window of n bins, half of it on either side, and nothing
// elsewhere. The window's squares sum to 3 n / 8 and n bins are one second, so
// the power is A^2 / 3 and A^2 / 12.
TEST(CountSpectrumTest, SinusoidHasItsPowerAtItsFrequency) {
  for (double bin_ms : {1.0, 0.5, 2.0}) {
    const auto bins = static_cast<size_t>(2500 / bin_ms);
    const CountSpectrum s =
        SpectrumOfCount(Sinusoid(bins, 40, bin_ms, 3), bin_ms, 200);
    ASSERT_EQ(s.power.size(), 201u);
    EXPECT_DOUBLE_EQ(s.resolution_hz, 1);
    // The mean over 2.5 s holds whole periods, so it is the constant's.
    EXPECT_NEAR(s.power[40], 3, 1e-9) << bin_ms;
    EXPECT_NEAR(s.power[39], 0.75, 1e-9);
    EXPECT_NEAR(s.power[41], 0.75, 1e-9);
    EXPECT_NEAR(s.power[20] + s.power[42] + s.power[120], 0, 1e-9);
  }
}

TEST(CountSpectrumTest, RhythmIsThePeakOfTheBandAndItsShare) {
  std::vector<double> count = Sinusoid(2000, 9, 1, 1);
  const std::vector<double> gamma = Sinusoid(2000, 40, 1, 2);
  for (size_t k = 0; k < count.size(); ++k) count[k] += gamma[k];
  const CountSpectrum s = SpectrumOfCount(count, 1);
  EXPECT_DOUBLE_EQ(RhythmInBand(s, 4, 20)->peak_hz, 9);
  EXPECT_DOUBLE_EQ(RhythmInBand(s, 25, 60)->peak_hz, 40);
  // Powers are as squares of amplitudes.
  EXPECT_NEAR(RhythmInBand(s, 4, 20)->share, 0.2, 1e-9);
  EXPECT_NEAR(RhythmInBand(s, 25, 60)->share, 0.8, 1e-9);
}

TEST(CountSpectrumTest, BandsHoldBothTheirEnds) {
  const CountSpectrum s = SpectrumOfCount(Sinusoid(1000, 20, 1, 1), 1);
  EXPECT_DOUBLE_EQ(RhythmInBand(s, 4, 20)->peak_hz, 20);
  EXPECT_DOUBLE_EQ(RhythmInBand(s, 20, 30)->peak_hz, 20);
}

TEST(CountSpectrumTest, PoissonUnitsHaveWhitePower) {
  constexpr int64_t kUnits = 50, kSteps = 10500;
  constexpr double kChance = 0.02;
  const SpikeTrains trains = RandomSpikes(kUnits, kSteps, [](int64_t) {
                               return kChance;
                             }).In({.units = kUnits, .end = kSteps});
  const CountSpectrum s = SpectrumOfCount(PopulationCount(trains), 1);
  // 2 m b (1 - p) with a mean of m = 1 in a bin of b = 1 ms. The mean over 20
  // windows and frequencies 5 to 495 has the information of at least as many
  // independent numbers as there are bins / 4, each with a deviation of its
  // mean: a relative standard error below sqrt(4 / 10500) = 0.02.
  const std::span<const double> inner = std::span(s.power).subspan(5, 491);
  EXPECT_NEAR(*statistics::Mean(inner) / (0.002 * (1 - kChance)), 1, 5 * 0.02);
}

TEST(CountSpectrumTest, ModulatedPoissonUnitsPeakAtTheirFrequency) {
  constexpr int64_t kUnits = 100, kSteps = 4000;
  const auto chance = [](int64_t step) {
    return 0.02 * (1 + 0.5 * math::Sin(2 * std::numbers::pi * 8 *
                                       static_cast<double>(step) / 1000));
  };
  const SpikeTrains trains =
      RandomSpikes(kUnits, kSteps, chance).In({.units = kUnits, .end = kSteps});
  const CountSpectrum s = SpectrumOfCount(PopulationCount(trains), 1);
  // The modulation's amplitude is 1 spike in a bin: power 1/3 against noise of
  // 2 m b = 0.004, whose mean over 7 windows deviates by 0.0015, and which
  // enters as twice the geometric mean of both.
  EXPECT_DOUBLE_EQ(RhythmInBand(s, 4, 20)->peak_hz, 8);
  EXPECT_NEAR(s.power[8], 1.0 / 3 + 0.004, 5 * 2 * std::sqrt(0.004 / 3.0 / 7));
}

TEST(CountSpectrumTest, LessThanAWindowHasNone) {
  EXPECT_TRUE(SpectrumOfCount(std::vector<double>(999), 1).power.empty());
  EXPECT_FALSE(RhythmInBand(SpectrumOfCount({}, 1), 4, 20).has_value());
  const CountSpectrum silent = SpectrumOfCount(std::vector<double>(1000), 1);
  EXPECT_FALSE(RhythmInBand(silent, 4, 20).has_value());
}

}  // namespace
}  // namespace engram
