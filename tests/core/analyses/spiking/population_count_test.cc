#include "core/analyses/spiking/population_count.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/analyses/spiking/golomb_chi.h"
#include "core/base/math.h"
#include "core/base/statistics.h"
#include "tests/core/analyses/spiking/trains.h"

namespace engram {
namespace {

using testing::ElementsAre;

TEST(PopulationCountTest, CountsWholeBins) {
  SpikeList spikes;
  for (int64_t step : {0, 1, 2, 5, 5, 9, 10}) {
    spikes.Add(step, spikes.steps.size() % 2);
  }
  const SpikeTrains trains =
      spikes.In({.units = 2, .begin = 0, .end = 11, .dt = 0.5});
  EXPECT_THAT(PopulationCount(trains), ElementsAre(2, 1, 2, 0, 1));
}

TEST(PopulationCountTest, AUnitsCountsAreItsOwn) {
  SpikeList spikes;
  for (const int64_t step : {0, 1, 3, 5}) spikes.Add(step, step % 2);
  const SpikeTrains trains = spikes.In({.units = 2, .end = 6, .dt = 1});
  EXPECT_EQ(UnitCount(trains, 0, 2), (std::vector<double>{1, 0, 0}));
  EXPECT_EQ(UnitCount(trains, 1, 2), (std::vector<double>{1, 1, 1}));
}

TEST(PopulationCountTest, SynchronyOfIndependentUnitsIsOneLessTheirChance) {
  constexpr int64_t kUnits = 100, kSteps = 20000;
  constexpr double kChance = 0.02;
  const SpikeTrains trains =
      RandomSpikes(kUnits, kSteps, [](int64_t) {
        return kChance;
      }).In({.units = kUnits, .begin = 0, .end = kSteps});
  // Binomial: variance over mean is 1 - p. The variance of 20,000 nearly normal
  // numbers has a relative standard error of sqrt(2 / 20000) = 0.01.
  EXPECT_NEAR(*CountSynchrony(PopulationCount(trains)), 1 - kChance, 5 * 0.01);
}

TEST(PopulationCountTest, SynchronyOfAllTogetherIsTheirNumber) {
  SpikeList spikes;
  for (int64_t step = 0; step < 1000; step += 10) {
    for (int64_t i = 0; i < 50; ++i) spikes.Add(step, i);
  }
  // 0.1 of the bins hold 50: mean 5, variance 50^2 0.1 0.9 n / (n - 1).
  const auto count =
      PopulationCount(spikes.In({.units = 50, .begin = 0, .end = 1000}));
  EXPECT_NEAR(*CountSynchrony(count), 50 * 0.9 * 1000 / 999, 1e-10);
}

TEST(PopulationCountTest, SynchronyOfSilenceIsEmpty) {
  EXPECT_FALSE(CountSynchrony(std::vector<double>(9)).has_value());
  EXPECT_FALSE(CountSynchrony(std::vector<double>{1}).has_value());
}

// Correlation of all pairs, one after the other.
double PairByPair(const SpikeTrains& trains, double bin_ms) {
  std::vector<std::vector<double>> counts;
  for (int64_t i = 0; i < trains.units(); ++i) {
    SpikeList one;
    for (int64_t step : trains.Train(i)) one.Add(step, 0);
    counts.push_back(PopulationCount(
        one.In({.units = 1, .end = trains.steps(), .dt = trains.dt()}),
        bin_ms));
  }
  double sum = 0, pairs = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const auto r = statistics::Correlation(counts[i], counts[j]);
      if (!r) continue;
      sum += *r;
      ++pairs;
    }
  }
  return sum / pairs;
}

TEST(PairCorrelationTest, EqualsTheMeanOverAllPairs) {
  SpikeList spikes = RandomSpikes(
      12, 1003, [](int64_t step) { return step % 7 < 2 ? 0.3 : 0.05; });
  // One more unit, which never fires and so counts in no pair.
  const SpikeTrains trains = spikes.In({.units = 13, .end = 1003, .dt = 0.5});
  const double pairs = PairByPair(trains, 2.5);
  EXPECT_GT(pairs, 0.01);
  EXPECT_NEAR(*MeanPairCorrelation(trains, 2.5), pairs, 1e-12);
}

TEST(PairCorrelationTest, SharedSpikesGiveTheirShareOfVariance) {
  constexpr int64_t kUnits = 20, kSteps = 20000;
  SpikeList spikes = RandomSpikes(
      kUnits, kSteps, [](int64_t) { return 0.03; }, 1);
  const SpikeList shared = RandomSpikes(
      1, kSteps, [](int64_t) { return 0.01; }, 2);
  for (int64_t step : shared.steps) {
    for (int64_t i = 0; i < kUnits; ++i) spikes.Add(step, i);
  }
  const SpikeTrains trains = spikes.In({.units = kUnits, .end = kSteps});
  // Variances add: 0.01 0.99 shared, 0.03 0.97 alone. The shared part's
  // variance from about 200 spikes has a relative standard error of 1 /
  // sqrt(200), which moves the share s by s (1 - s) / sqrt(200); 190 pairs
  // average the rest.
  const double share = 0.0099 / (0.0099 + 0.0291);
  EXPECT_NEAR(*MeanPairCorrelation(trains, 1), share,
              5 * share * (1 - share) / std::sqrt(200.0));
}

TEST(PairCorrelationTest, OneUnitHasNone) {
  const SpikeList spikes = RandomSpikes(1, 100, [](int64_t) { return 0.5; });
  EXPECT_FALSE(
      MeanPairCorrelation(spikes.In({.units = 5, .end = 100}), 1).has_value());
}

TEST(GolombChiTest, OneWhenAllDoTheSame) {
  GolombChi chi(3);
  EXPECT_FALSE(chi.chi().has_value());
  for (int64_t t = 0; t < 50; ++t) {
    const double v = -65 + math::Sin(0.3 * static_cast<double>(t));
    chi.Add<double>(std::vector<double>{v, v, v});
  }
  EXPECT_NEAR(*chi.chi(), 1, 1e-12);
}

TEST(GolombChiTest, EmptyWhenNothingMoves) {
  GolombChi chi(2);
  for (int64_t t = 0; t < 5; ++t) chi.Add<float>(std::vector<float>{-65, -60});
  EXPECT_FALSE(chi.chi().has_value());
}

TEST(GolombChiTest, PhasesThatCancelGiveZero) {
  GolombChi chi(2);
  for (int64_t t = 0; t < 6; ++t) {
    const double v = t % 2 == 0 ? 1 : -1;
    chi.Add<double>(std::vector<double>{-65 + v, -65 - v});
  }
  EXPECT_NEAR(*chi.chi(), 0, 1e-12);
}

TEST(GolombChiTest, IndependentUnitsGiveOneOverTheRootOfTheirNumber) {
  constexpr int64_t kUnits = 64, kSamples = 4000;
  const RandomStream random(1, "test", "potential");
  std::vector<double> v(kUnits);
  GolombChi alone(kUnits), with_common(kUnits);
  for (int64_t t = 0; t < kSamples; ++t) {
    random.FillNormal(t, v);
    alone.Add<double>(v);
    // A common part of the same size: chi^2 = (1 + 1/n) / 2.
    const double common = random.Normal(kUnits, t);
    for (double& x : v) x += common - 65;
    with_common.Add<double>(v);
  }
  // chi^2 has the relative standard error of a variance of 4000 normal numbers,
  // sqrt(2 / 4000) = 0.022, and chi half of it.
  const double error = 5 * 0.5 * std::sqrt(2.0 / kSamples);
  EXPECT_NEAR(*alone.chi() * std::sqrt(kUnits), 1, error);
  EXPECT_NEAR(*with_common.chi() / std::sqrt((1 + 1.0 / kUnits) / 2), 1, error);
}

}  // namespace
}  // namespace engram
