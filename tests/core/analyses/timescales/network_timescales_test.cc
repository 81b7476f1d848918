// Time constants of systems whose linear modes are known.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

std::string Populations(const std::string& coupling,
                        const std::string& analysis) {
  return "{type: dynamics_analysis, system: {type: rate_populations, "
         "coupling: " +
         coupling +
         ", gain_function: tanh}, analyses: [{type: autocorrelation" +
         analysis + "}]}";
}

std::string FaultsOf(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kProgram, "experiment", faults);
  std::string all;
  for (const Fault& fault : faults) all += fault.Format("tree") + "\n";
  return all;
}

// Small noise: tanh is linear to 1e-3, and mode k of a symmetric coupling with
// eigenvalue lambda decays with tau / (1 - lambda), tau = 20 ms. Here they are
// 0.5 (both together, the population) and -0.5: 40 and 13.3 ms, with variances
// as their time constants. An estimate over 200 s spreads by
// sqrt(2 tau / 200 s) = 2 %; the bound is 4 of them.
TEST(NetworkTimescalesTest, CoupledPopulationsDecayWithTheirModes) {
  const auto run = RunTree(
      Tree(Populations("[[0, 0.5], [0.5, 0]]",
                       ", sigma: 0.02, every: 4 ms, lags: 50, low: 0, high: "
                       "1e-6, tau_max: 500 ms, activity: potentials")),
      1);
  EXPECT_NEAR((*run)["tau"], 40, 0.08 * 40);
  // The mean over both: three quarters of the slow mode, one of the fast one.
  const auto& mean = run->record.series.at("unit_autocorrelation").points;
  ASSERT_EQ(mean.size(), 51u);
  for (const size_t k : {1u, 5u, 10u}) {
    const double lag = 4.0 * static_cast<double>(k);
    EXPECT_EQ(mean[k].first, lag);
    EXPECT_NEAR(mean[k].second.value(),
                0.75 * std::exp(-lag / 40) + 0.25 * std::exp(-lag / (40.0 / 3)),
                0.05);
  }
  // One term fitted to that at the lags of 0 to 200 ms has 33.9 ms.
  EXPECT_NEAR((*run)["unit_tau_one_mean"], 33.9, 0.08 * 33.9);
  EXPECT_EQ((*run)["fitted_units"], 2);
  EXPECT_EQ(run->record.series.at("unit_tau").points.size(), 2u);
  EXPECT_EQ(run->record.series.at("autocorrelation_fit").points.size(), 51u);
}

// Without noise a constant input is forgotten; random bits are not. A unit then
// holds each bit's effect for its own time constant, 20 ms, and the bits are
// held for 1 ms.
TEST(NetworkTimescalesTest, RandomInputDrivesWhatNoiseWouldDrive) {
  const auto driven =
      RunTree(Tree(Populations(
                  "[[0]]",
                  ", sigma: 0, input: 0.05, activity: "
                  "potentials, lags: 60, samples: 20000, low: 0, high: 1e-6")),
              1);
  EXPECT_NEAR((*driven)["tau"], 20, 0.08 * 20);
  const auto still = RunTree(
      Tree(Populations("[[0]], input: [0.5]", ", sigma: 0, burn_in: 5000")), 1);
  EXPECT_TRUE(still->record.summary.at("tau").value.is_absent());
  EXPECT_EQ((*still)["fitted_units"], 0);
  EXPECT_TRUE(
      still->record.series.at("autocorrelation").points[0].second.is_absent());
}

TEST(NetworkTimescalesTest, RefusesLagsThatCannotBeFitted) {
  EXPECT_THAT(FaultsOf(Populations("[[0]]", ", samples: 20, lags: 30")),
              testing::HasSubstr("samples = 20 is not above lags + 1 = 31"));
  EXPECT_THAT(FaultsOf(Populations("[[0]]", ", fit_from: 28 ms")),
              testing::HasSubstr("fewer than 5 lags"));
  EXPECT_THAT(FaultsOf(Populations("[[0]]", ", every: 200 ms")),
              testing::HasSubstr("tau_max = 100 ms is not above"));
}

}  // namespace
}  // namespace engram
