// Activity under random bits of networks that are known.

#include <gtest/gtest.h>

#include <cmath>

#include "core/analyses/timescales/autocorrelation.h"
#include "core/analyses/timescales/autocovariance_stream.h"
#include "tests/core/analyses/training/hand_made_network.h"

namespace engram {
namespace {

TEST(AutocovarianceStreamTest, PiecesGiveWhatTheWholeGives) {
  const RandomStream random(1, "test", "numbers");
  std::vector<double> x(500);
  random.FillNormal(0, x);
  for (double& value : x) value += 1000;
  const std::vector<double> whole = Autocovariance(x, 12);
  AutocovarianceStream stream(2, 12);
  const std::span<const double> all = x;
  for (const auto& [begin, end] :
       {std::pair<size_t, size_t>{0, 3}, {3, 4}, {4, 25}, {25, 500}}) {
    stream.Add(1, all.subspan(begin, end - begin));
  }
  const std::vector<double> pieces = stream.Of(1);
  ASSERT_EQ(pieces.size(), whole.size());
  for (size_t k = 0; k < whole.size(); ++k) {
    EXPECT_NEAR(pieces[k], whole[k], 1e-10);
  }
  stream.Add(0, std::vector<double>(100, 0.1));
  for (const double c : stream.Of(0)) EXPECT_EQ(c, 0);
}

// One unit without recurrence keeps 1 - 1/tau of itself, so its autocorrelation
// falls by that in a step: tau_net = -1 / ln(1 - 1/tau), not tau. From
// n = 1.5e6 numbers the ratio scatters by sqrt((1 - a^2) / n), 0.0007 at most,
// and correlations at lags about tau, which the fit rests on, by sqrt(tau / n),
// 0.0026 at most: tau by e tau times that, 0.7 % at most.
TEST(TrainedTimescalesTest, AUnitsNetworkTimescaleIsNotItsTimeConstant) {
  for (const auto& [tau, tau_net] :
       {std::pair{2.0, 1.443}, {5.0, 4.481}, {10.0, 9.491}}) {
    HandMade made("{type: leaky_rnn, units: 1}",
                  "{type: network_timescales, steps: 150000}");
    made.Set("input_weights", {1});
    made.Set("tau", {tau});
    const FinishedRun& run = made.Run();
    EXPECT_NEAR(run["tau_one"], tau_net, 0.02 * tau_net);
    EXPECT_NEAR(run["tau"], tau_net, 0.02 * tau_net);
    const auto& mean = run.record.series.at("unit_autocorrelation").points;
    EXPECT_NEAR(mean[1].second.value(), 1 - 1 / tau, 0.003);
    EXPECT_EQ(run["fitted_units"], 1);
    EXPECT_EQ(run.record.summary.at("unit_tau_mean").unit, "1");
  }
}

// In continuous time an input that lasts k steps makes time constants k times
// as long: the same network in other steps.
TEST(TrainedTimescalesTest, InContinuousTimeTimeConstantsFollowTheInput) {
  HandMade made("{type: leaky_rnn, units: 1, continuous: true}",
                "{type: network_timescales, steps: 20000, hold: 5, lags: 60}");
  made.Set("input_weights", {1});
  made.Set("tau", {4});
  const auto& mean = made.Run().record.series.at("unit_autocorrelation").points;
  // Far from the bits' own correlation, five steps long, it falls by
  // (1 - 1/20) in a step.
  EXPECT_NEAR(mean[20].second.value() / mean[10].second.value(),
              std::pow(0.95, 10), 0.05);
}

TEST(ActivityDimensionalityTest, UnitsThatDoTheSameAreOneDimension) {
  HandMade made("{type: leaky_rnn, units: 4}",
                "{type: activity_dimensionality, steps: 300, trials: 3}");
  made.Set("input_weights", {1, 2, 3, 4});
  made.Set("tau", {2, 2, 2, 2});
  const FinishedRun& run = made.Run();
  EXPECT_NEAR(run["participation_ratio"], 1, 1e-9);
  EXPECT_EQ(run["components"], 1);
}

// A delay line of two: one trial's bits are independent, so both units vary
// alone and alike, but for a correlation of 1/sqrt(n) by chance.
TEST(ActivityDimensionalityTest, ADelayLineHasOneDimensionAUnit) {
  HandMade made("{type: leaky_rnn, units: 2}",
                "{type: activity_dimensionality, steps: 4000, trials: 1}");
  made.Set("input_weights", {1, 0});
  made.Set("recurrent_weights", {0, 1, 0, 0});
  made.Set("tau", {1, 1});
  EXPECT_NEAR(made.Run()["participation_ratio"], 2, 0.01);
}

}  // namespace
}  // namespace engram
