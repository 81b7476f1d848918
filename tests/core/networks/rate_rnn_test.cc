#include "core/networks/rate_rnn.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/math.h"
#include "core/base/numerics.h"
#include "core/base/statistics.h"
#include "tests/support/allocations.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

Component Network(const std::string& parameters) {
  return Tree("{type: rate_rnn, " + parameters + "}", Kind::kNetwork,
              "experiment.network");
}

class RateRnnTest : public testing::Test {
 protected:
  ScopedNumericEnvironment environment_;
  Parallel parallel_{1};
  RandomStream noise_{1, "experiment.network", "noise"};
};

TEST_F(RateRnnTest, AnUncoupledUnitApproachesItsInputExponentially) {
  const RateRnn network(Network("units: 5, g_0: 0, w_inhibition: 0"), 1,
                        parallel_);
  RateState s(5);
  network.Reset(s);
  const std::vector<double> input = {2, 1, 0, -1, 0.25};
  for (int n = 1; n <= 50; ++n) {
    network.Step(network.initial_weights(), input, noise_, n, s);
    const double reached = 1 - std::pow(1 - 1.0 / 20, n);
    for (int64_t i = 0; i < 5; ++i) {
      ASSERT_NEAR(s.potential[i], input[static_cast<size_t>(i)] * reached,
                  1e-14);
    }
  }
}

TEST_F(RateRnnTest, TwoStepsAreWhatTheyAreByHand) {
  const RateRnn network(
      Network("units: 2, tau: 10 ms, dt: 2 ms, theta: 0, t_phi: 1, "
              "w_inhibition: 4, g_0: 0"),
      1, parallel_);
  Array<double> w(2, 2);
  w(1, 0) = 3;  // from unit 0 to unit 1
  RateState s(2);
  network.Reset(s);
  ASSERT_EQ(s.rate[0], 0.5);
  const std::vector<double> input = {1, 0};
  network.Step(w, input, noise_, 0, s);
  // Inhibition is 4 / 2 (1/2 + 1/2) = 2; leak 2 / 10.
  EXPECT_DOUBLE_EQ(s.potential[0], 0.2 * (1 - 2));
  EXPECT_DOUBLE_EQ(s.potential[1], 0.2 * (3 * 0.5 - 2));
  const double r0 = 1 / (1 + std::exp(0.2)), r1 = 1 / (1 + std::exp(0.1));
  EXPECT_DOUBLE_EQ(s.rate[0], r0);
  EXPECT_DOUBLE_EQ(s.rate[1], r1);
  network.Step(w, input, noise_, 1, s);
  const double inhibition = 2 * (r0 + r1);
  EXPECT_DOUBLE_EQ(s.potential[0], -0.2 + 0.2 * (0.2 + 1 - inhibition));
  EXPECT_DOUBLE_EQ(s.potential[1], -0.1 + 0.2 * (0.1 + 3 * r0 - inhibition));
}

TEST_F(RateRnnTest, InitialWeightsHaveTheirVarianceAndNoDiagonal) {
  constexpr int64_t kUnits = 200;
  const RateRnn network(Network("units: 200, g_0: 1.5"), 4, parallel_);
  const Array<double>& w = network.initial_weights();
  for (int64_t i = 0; i < kUnits; ++i) EXPECT_EQ(w(i, i), 0);
  const double n = kUnits * (kUnits - 1);
  const double variance = 1.5 * 1.5 / kUnits;
  EXPECT_NEAR(statistics::Sum(w.span()) / n, 0, 5 * std::sqrt(variance / n));
  EXPECT_NEAR(statistics::SumOfSquares(w.span()) / n, variance,
              5 * variance * std::sqrt(2 / n));
}

TEST_F(RateRnnTest, NoiseGivesAnUncoupledUnitItsDeviation) {
  constexpr int64_t kUnits = 2000;
  const RateRnn network(
      Network("units: 2000, g_0: 0, w_inhibition: 0, sigma: 0.3"), 1,
      parallel_);
  RateState s(kUnits);
  network.Reset(s);
  const std::vector<double> input(kUnits, 0.0);
  const Array<double> none(kUnits, 0);
  for (int step = 0; step < 200; ++step) {
    network.Step(none, input, noise_, step, s);
  }
  // Of the Euler recursion with leak 1/20: sigma^2 / (1 - 1/40).
  const double variance = 0.09 / (1 - 1.0 / 40);
  EXPECT_NEAR(statistics::SumOfSquares(s.potential.span()) / kUnits, variance,
              5 * variance * std::sqrt(2.0 / kUnits));
}

TEST_F(RateRnnTest, HalvingTheStepHalvesTheError) {
  const auto reached = [&](const char* dt, int steps) {
    const RateRnn network(
        Network(absl::StrCat("units: 4, g_0: 2, dt: ", dt, " ms")), 1,
        parallel_);
    RateState s(4);
    network.Reset(s);
    const std::vector<double> input = {1, 0.5, 0.5, 0};
    for (int n = 0; n < steps; ++n) {
      network.Step(network.initial_weights(), input, noise_, n, s);
    }
    return s.potential[1];
  };
  const double exact = reached("0.002", 15000);
  const double coarse = reached("0.1", 300) - exact;
  const double fine = reached("0.05", 600) - exact;
  // The reference's own error, 1/25 of the finer one, lifts the ratio to 2.04.
  EXPECT_NEAR(coarse / fine, 2.04, 0.2);
}

TEST_F(RateRnnTest, RelabellingUnitsRelabelsTheResult) {
  constexpr int64_t kUnits = 7;
  const RateRnn network(Network("units: 7, g_0: 1"), 1, parallel_);
  const Array<double>& w = network.initial_weights();
  Array<double> reversed(kUnits, kUnits);
  for (int64_t i = 0; i < kUnits; ++i) {
    for (int64_t j = 0; j < kUnits; ++j) {
      reversed(i, j) = w(kUnits - 1 - i, kUnits - 1 - j);
    }
  }
  RateState a(kUnits), b(kUnits);
  network.Reset(a);
  network.Reset(b);
  const std::vector<double> input = {1, 2, 0, 0, 0.3, 0, -1};
  const std::vector<double> input_reversed(input.rbegin(), input.rend());
  for (int step = 0; step < 30; ++step) {
    network.Step(w, input, noise_, step, a);
    network.Step(reversed, input_reversed, noise_, step, b);
  }
  for (int64_t i = 0; i < kUnits; ++i) {
    EXPECT_NEAR(a.rate[i], b.rate[kUnits - 1 - i], 1e-13);
  }
}

TEST_F(RateRnnTest, ThreadsChangeNoBit) {
  constexpr int64_t kUnits = 600;
  const Component component = Network("units: 600, g_0: 2, sigma: 0.1");
  std::vector<double> first;
  for (int threads : {1, 2, 3}) {
    Parallel parallel(threads);
    const RateRnn network(component, 1, parallel);
    RateState s(kUnits);
    network.Reset(s);
    const std::vector<double> input(kUnits, 0.7);
    for (int step = 0; step < 20; ++step) {
      network.Step(network.initial_weights(), input, noise_, step, s);
    }
    const std::vector<double> rates(s.rate.span().begin(), s.rate.span().end());
    if (first.empty()) first = rates;
    EXPECT_EQ(rates, first) << threads << " threads";
  }
}

TEST_F(RateRnnTest, AStepAllocatesNothing) {
  const RateRnn network(Network("units: 100, sigma: 0.1"), 1, parallel_);
  RateState s(100);
  network.Reset(s);
  const std::vector<double> input(100, 0.5);
  const int64_t before = AllocationCount();
  for (int step = 0; step < 10; ++step) {
    network.Step(network.initial_weights(), input, noise_, step, s);
  }
  EXPECT_EQ(AllocationCount(), before);
}

TEST(RateRnnSpecTest, RefusesAStepLongerThanTheTimeConstant) {
  Faults faults;
  ReadTree(
      "{type: sequence_learning, rule: {type: hebbian}, "
      "network: {type: rate_rnn, tau: 2 ms, dt: 3 ms}}",
      Kind::kProgram, "experiment", faults);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].path, "experiment.network.dt");
}

}  // namespace
}  // namespace engram
