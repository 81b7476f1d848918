#include "core/analyses/spiking/firing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/analyses/spiking/trains.h"

namespace engram {
namespace {

using testing::ElementsAre;

SpikeList OneUnit(std::initializer_list<int64_t> steps) {
  SpikeList spikes;
  for (int64_t step : steps) spikes.Add(step, 0);
  return spikes;
}

TEST(SpikeTrainsTest, SortsByUnitAndKeepsTheWindow) {
  SpikeList spikes;
  spikes.Add(9, 1);
  spikes.Add(10, 1);
  spikes.Add(12, 0);
  spikes.Add(12, 1);
  spikes.Add(20, 0);
  const SpikeTrains trains =
      spikes.In({.units = 3, .begin = 10, .end = 20, .dt = 0.5});
  EXPECT_EQ(trains.spikes(), 3);
  EXPECT_DOUBLE_EQ(trains.duration_ms(), 5);
  EXPECT_THAT(trains.Train(0), ElementsAre(2));
  EXPECT_THAT(trains.Train(1), ElementsAre(0, 2));
  EXPECT_THAT(trains.Train(2), ElementsAre());
}

TEST(FiringTest, ClockHasItsRateAndNoVariation) {
  SpikeList spikes;
  for (int64_t step = 0; step < 10000; step += 250) spikes.Add(step, 0);
  const SpikeTrains trains =
      spikes.In({.units = 1, .begin = 0, .end = 10000, .dt = 0.1});
  EXPECT_DOUBLE_EQ(*MeanRate(trains), 40);
  EXPECT_THAT(UnitRates(trains), ElementsAre(40));
  const IntervalVariation variation = VariationOfIntervals(trains);
  EXPECT_EQ(variation.units, 1);
  EXPECT_DOUBLE_EQ(*variation.cv, 0);
}

TEST(FiringTest, IntervalsTakenByHand) {
  // Intervals 10, 30, 20: mean 20, variance 200 / 3.
  const SpikeTrains trains =
      OneUnit({0, 10, 40, 60}).In({.units = 2, .begin = 0, .end = 100});
  EXPECT_DOUBLE_EQ(*VariationOfIntervals(trains, 4).cv,
                   std::sqrt(200.0 / 3) / 20);
  EXPECT_FALSE(VariationOfIntervals(trains, 5).cv.has_value());
  EXPECT_EQ(VariationOfIntervals(trains, 5).units, 0);
}

TEST(FiringTest, PoissonTrainsHaveTheirRateAndTheVariationOfGeometricGaps) {
  constexpr int64_t kUnits = 100, kSteps = 20000;
  constexpr double kChance = 0.02;
  const SpikeTrains trains =
      RandomSpikes(kUnits, kSteps, [](int64_t) {
        return kChance;
      }).In({.units = kUnits, .begin = 0, .end = kSteps});
  // 40,000 spikes are expected: one standard error is 1 / 200 of the rate.
  EXPECT_NEAR(*MeanRate(trains), 20, 5 * 20.0 / 200);
  // Gaps in steps are geometric: CV sqrt(1 - p). Of 400 gaps a unit's CV has a
  // standard error of 1 / sqrt(400) = 0.05 and a bias of the order 1 / 400; of
  // 100 units 0.005.
  EXPECT_NEAR(*VariationOfIntervals(trains).cv, std::sqrt(1 - kChance),
              5 * 0.005 + 1.0 / 400);
}

TEST(FiringTest, NothingToMeasureIsEmpty) {
  const SpikeTrains no_time = OneUnit({}).In({.units = 2});
  EXPECT_FALSE(MeanRate(no_time).has_value());
  const SpikeTrains silent = OneUnit({}).In({.units = 2, .begin = 0, .end = 9});
  EXPECT_DOUBLE_EQ(*MeanRate(silent), 0);
  EXPECT_FALSE(VariationOfIntervals(silent).cv.has_value());
}

TEST(FiringTest, BurstsAreThreeSpikesWithGapsBelowTheLimit) {
  // Steps of 0.5 ms: gaps of 9.5 ms join, of 10 ms do not.
  SpikeList spikes = OneUnit({0, 19, 38, 58, 77, 200, 219, 238, 257});
  for (int64_t step : {1, 21, 41}) spikes.Add(step, 1);
  const Bursts found =
      FindBursts(spikes.In({.units = 3, .begin = 0, .end = 300, .dt = 0.5}));
  EXPECT_EQ(found.count, 2);
  EXPECT_EQ(found.spikes, 3 + 4);
  EXPECT_EQ(found.bursting_units, 1);
}

TEST(FiringTest, AGapOfTheLimitIsNoneWhateverTheRoundingOfTheStep) {
  for (double dt : {0.1, 0.3, 0.7, 1.0}) {
    const auto gap = static_cast<int64_t>(std::llround(21 / dt));
    const SpikeTrains trains =
        OneUnit({0, gap, 2 * gap}).In({.units = 1, .end = 1000, .dt = dt});
    EXPECT_EQ(FindBursts(trains, {.gap_ms = 21}).count, 0) << dt;
    EXPECT_EQ(FindBursts(trains, {.gap_ms = 21 + dt}).count, 1) << dt;
  }
}

}  // namespace
}  // namespace engram
