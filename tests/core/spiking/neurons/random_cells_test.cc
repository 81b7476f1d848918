// Models that fire by chance, or as a list says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/spiking/neurons/cells.h"

namespace engram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Of each unit: steps in which it fired.
std::vector<std::vector<int64_t>> TrainsIn(Cells& cells, int64_t steps,
                                           int64_t block = 1 << 30) {
  std::vector<std::vector<int64_t>> trains(static_cast<size_t>(cells.units()));
  for (int64_t step = 0; step < steps; ++step) {
    for (int32_t unit : cells.Step(block)) {
      trains[static_cast<size_t>(unit)].push_back(step);
    }
  }
  return trains;
}

size_t CountOf(const std::vector<std::vector<int64_t>>& trains) {
  size_t count = 0;
  for (const auto& train : trains) count += train.size();
  return count;
}

TEST(PoissonGeneratorTest, FiresAtItsRateWithGeometricGaps) {
  Cells cells("{type: poisson_generator, units: 100, rate: 50}", 0.5);
  const auto trains = TrainsIn(cells, 20000);
  // p = 0.025 in each of 2 million: 50,000 spikes, deviation
  // sqrt(50000 (1 - p)).
  EXPECT_NEAR(static_cast<double>(CountOf(trains)), 50000,
              5 * std::sqrt(50000 * 0.975));
  double gaps = 0, ones = 0;
  for (const auto& train : trains) {
    for (size_t k = 1; k < train.size(); ++k) {
      ++gaps;
      ones += train[k] - train[k - 1] == 1 ? 1 : 0;
    }
  }
  EXPECT_NEAR(ones / gaps, 0.025, 5 * std::sqrt(0.025 / gaps));
}

TEST(PoissonGeneratorTest, CountsHaveTheVarianceOfTheirMean) {
  Cells cells("{type: poisson_generator, units: 2000, rate: 100}", 0.1);
  const auto trains = TrainsIn(cells, 1000);
  double sum = 0, squares = 0;
  for (const auto& train : trains) {
    const double n = static_cast<double>(train.size());
    sum += n / 2000;
    squares += n * n / 2000;
  }
  // Binomial with 1000 tries of 0.01. A variance of 2000 numbers has a relative
  // standard error of about sqrt(2 / 2000).
  EXPECT_NEAR((squares - sum * sum) / 9.9, 1, 5 * std::sqrt(2.0 / 2000));
}

TEST(PoissonGeneratorTest, EachUnitMayHaveARateOfItsOwn) {
  Cells cells("{type: poisson_generator, units: 3, rates: [0, 1000, 200]}", 1);
  const auto trains = TrainsIn(cells, 10000);
  EXPECT_TRUE(trains[0].empty());
  EXPECT_EQ(trains[1].size(), 10000u);
  EXPECT_NEAR(static_cast<double>(trains[2].size()), 2000,
              5 * std::sqrt(2000 * 0.8));
}

TEST(PoissonGeneratorTest, IsSilentOutsideOfItsTime) {
  Cells cells(
      "{type: poisson_generator, units: 50, rate: 500, start: 20, stop: 30}",
      0.5);
  const auto trains = TrainsIn(cells, 200);
  for (const auto& train : trains) {
    for (int64_t step : train) {
      EXPECT_GE(step, 40);
      EXPECT_LT(step, 60);
    }
  }
  // 1000 tries of 0.25.
  EXPECT_NEAR(static_cast<double>(CountOf(trains)), 250,
              5 * std::sqrt(250 * 0.75));
}

TEST(PoissonGeneratorTest, BlocksOfUnitsDoNotCount) {
  const std::string yaml = "{type: poisson_generator, units: 150, rate: 100}";
  Cells whole(yaml, 1), parts(yaml, 1), other(yaml, 1, 2);
  const auto trains = TrainsIn(whole, 300);
  EXPECT_EQ(trains, TrainsIn(parts, 300, 64));
  EXPECT_NE(trains, TrainsIn(other, 300));
}

TEST(PoissonGeneratorTest, RefusesMoreThanASpikeAStep) {
  EXPECT_EQ(Instability("{type: poisson_generator, rate: 1000}", 1), "");
  EXPECT_THAT(Instability("{type: poisson_generator, rate: 1001}", 1),
              HasSubstr("1001 Hz"));
  EXPECT_THAT(CellsFault("{type: poisson_generator, units: 2, rates: [1]}"),
              HasSubstr("1 entries for 2 units"));
  EXPECT_THAT(CellsFault("{type: poisson_generator, start: 5, stop: 4}"),
              HasSubstr("stop = 4"));
}

TEST(RatePatternGeneratorTest, ShowsItsPatternsInTurn) {
  Cells cells(
      "{type: rate_pattern_generator, units: 2, duration: 10 ms, patterns: "
      "[[1000, 0], [0, 500]]}",
      1);
  const auto trains = TrainsIn(cells, 4000);
  EXPECT_EQ(trains[0].size(), 2000u);
  for (int64_t step : trains[0]) EXPECT_LT(step % 20, 10);
  for (int64_t step : trains[1]) EXPECT_GE(step % 20, 10);
  EXPECT_NEAR(static_cast<double>(trains[1].size()), 1000,
              5 * std::sqrt(2000 * 0.25));
}

TEST(RatePatternGeneratorTest, BlocksOfUnitsDoNotCount) {
  std::string row = "[30";
  for (int k = 1; k < 130; ++k) row += ", 200";
  const std::string yaml =
      "{type: rate_pattern_generator, units: 130, patterns: [" + row + "]]}";
  Cells whole(yaml, 1), parts(yaml, 1);
  EXPECT_EQ(TrainsIn(whole, 100), TrainsIn(parts, 100, 64));
}

TEST(RatePatternGeneratorTest, RefusesPatternsThatDoNotFit) {
  EXPECT_THAT(CellsFault("{type: rate_pattern_generator, units: 2, patterns: "
                         "[[1], [3]]}"),
              HasSubstr("1 entries for 2 units"));
  EXPECT_THAT(CellsFault("{type: rate_pattern_generator, units: 1, patterns: "
                         "[[-1]]}"),
              HasSubstr("below 0"));
  EXPECT_THAT(Instability("{type: rate_pattern_generator, units: 1, patterns: "
                          "[[1]], duration: 0.2}",
                          1),
              HasSubstr("shorter than a step"));
}

TEST(SpikeTimesGeneratorTest, FiresInTheStepsThatEndAtItsTimes) {
  Cells cells(
      "{type: spike_times_generator, units: 3, times: [0.5, 2, 2], "
      "firing_units: [0, 0, 2]}",
      0.5);
  std::vector<std::vector<int32_t>> fired;
  for (int k = 0; k < 5; ++k) fired.push_back(cells.Step());
  EXPECT_THAT(fired, ElementsAre(ElementsAre(0), ElementsAre(), ElementsAre(),
                                 ElementsAre(0, 2), ElementsAre()));
}

TEST(SpikeTimesGeneratorTest, WithoutAListOfUnitsAllFire) {
  Cells cells("{type: spike_times_generator, units: 70, times: [2]}", 1);
  EXPECT_TRUE(cells.Step(64).empty());
  EXPECT_EQ(cells.Step(64).size(), 70u);
}

TEST(SpikeTimesGeneratorTest, ComesAgainAfterItsPeriod) {
  Cells cells(
      "{type: spike_times_generator, units: 1, times: [1, 3], period: 4 ms}",
      1);
  EXPECT_THAT(TrainsIn(cells, 10)[0], ElementsAre(0, 2, 4, 6, 8));
}

TEST(SpikeTimesGeneratorTest, RefusesTimesThatDoNotFit) {
  const auto yaml = [](const std::string& times) {
    return "{type: spike_times_generator, units: 2, times: [" + times +
           "], period: 10}";
  };
  EXPECT_EQ(Instability(yaml("1, 2"), 1), "");
  EXPECT_EQ(Instability(yaml("1, 1], firing_units: [0, 1"), 1), "");
  EXPECT_THAT(Instability(yaml("1, 1.2"), 1), HasSubstr("fires twice"));
  EXPECT_THAT(Instability(yaml("0"), 1), HasSubstr("before the first step"));
  EXPECT_THAT(Instability(yaml("11"), 1), HasSubstr("beyond the period"));
  EXPECT_THAT(CellsFault(yaml("1, 2], firing_units: [0")),
              HasSubstr("1 units for 2 times"));
  EXPECT_THAT(CellsFault(yaml("1], firing_units: [2")),
              HasSubstr("unit 2, but there are 2"));
}

// At a constant potential and without a drop the unit is a Poisson process with
// a dead time: rate = 1 / (t_ref + dt / p), p = 1 - exp(-rho dt).
TEST(Srm0EscapeRateTest, ConstantPotentialGivesARenewalProcess) {
  // The current brings h to 12 mV: v - v_th = -3, rho = 100 exp(-3 / 2) Hz.
  Cells cells(
      "{type: srm0_escape_rate, units: 200, tau_m: 10, c_m: 250, current: 300, "
      "initial_h: {type: constant, value: 12}, rho_0: 100, delta_u: 2, eta_0: "
      "0, t_ref: 4}",
      0.5);
  const double rho = 0.1 * std::exp(-1.5), p = 1 - std::exp(-rho * 0.5);
  const double interval = 4 + 0.5 / p;
  const double expected = 200 * 2000 * 0.5 / interval;
  const auto trains = TrainsIn(cells, 2000);
  // At most Poisson's deviation: a dead time makes it smaller. A unit starts
  // ready, which adds less than t_ref / interval / 2 spikes each.
  EXPECT_NEAR(static_cast<double>(CountOf(trains)), expected,
              5 * std::sqrt(expected) + 200 * 2 / interval);
  for (const auto& train : trains) {
    for (size_t k = 1; k < train.size(); ++k) {
      EXPECT_GT(train[k] - train[k - 1], 8);
    }
  }
}

TEST(Srm0EscapeRateTest, PotentialIsTheExactResponse) {
  Cells cells(
      "{type: srm0_escape_rate, tau_m: 10, c_m: 250, tau_s: 2, rho_0: 0}", 1);
  cells.Give("input", 100);
  cells.Step();
  for (int k = 1; k < 10; ++k) {
    cells.Step();
    EXPECT_NEAR(cells("h"),
                100.0 / 250 * (std::exp(-k / 10.0) - std::exp(-k / 2.0)) /
                    (1 / 2.0 - 1 / 10.0),
                1e-12);
  }
}

TEST(Srm0EscapeRateTest, LastSpikeAloneLeavesADropThatDecays) {
  // So high a rate that it fires in every step that it may.
  Cells cells(
      "{type: srm0_escape_rate, rho_0: 1e6, v_th: -65, delta_u: 1000, eta_0: "
      "20, tau_eta: 10, t_ref: 2}",
      1);
  EXPECT_FALSE(cells.Step().empty());
  EXPECT_EQ(cells("eta"), -20);
  EXPECT_TRUE(cells.Step().empty());
  EXPECT_NEAR(cells("eta"), -20 * std::exp(-0.1), 1e-12);
  EXPECT_TRUE(cells.Step().empty());
  // The second drop replaces the rest of the first.
  EXPECT_FALSE(cells.Step().empty());
  EXPECT_EQ(cells("eta"), -20);
}

TEST(Srm0EscapeRateTest, BlocksOfUnitsDoNotCount) {
  const std::string yaml = "{type: srm0_escape_rate, units: 150, current: 400}";
  Cells whole(yaml, 1), parts(yaml, 1);
  const auto trains = TrainsIn(whole, 200);
  EXPECT_GT(CountOf(trains), 100u);
  EXPECT_EQ(trains, TrainsIn(parts, 200, 64));
}

}  // namespace
}  // namespace engram
