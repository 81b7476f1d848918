#include "core/networks/pattern_network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "core/base/numerics.h"
#include "core/base/statistics.h"
#include "core/networks/pattern_mean_field.h"
#include "tests/support/allocations.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

Component Network(const std::string& parameters) {
  return Tree("{type: pattern_network, " + parameters + "}", Kind::kNetwork,
              "experiment.network");
}

class PatternNetworkTest : public testing::Test {
 protected:
  ScopedNumericEnvironment environment_;
  Parallel parallel_{1};
  RandomStream noise_{1, "experiment.network", "noise"};
};

// W phi(h) by the sum that defines W, one entry after the other.
std::vector<double> WrittenOut(const PatternNetwork& network, double strength,
                               const Array<double>& h, double gain_width) {
  const int64_t n = network.units();
  const Array<double>& xi = network.patterns();
  std::vector<double> current(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      double w = 0;
      for (int64_t mu = 0; mu + 1 < xi.cols(); ++mu) {
        w += xi(i, mu + 1) * xi(j, mu);
      }
      current[static_cast<size_t>(i)] +=
          strength / static_cast<double>(n) * w *
          std::erf(h[j] / (std::sqrt(2.0) * gain_width));
    }
  }
  return current;
}

TEST_F(PatternNetworkTest, AStepIsThatOfTheMatrixThatIsNeverWrittenDown) {
  const PatternNetwork network(
      Network("units: 37, patterns: 5, strength: 1.5, gain_width: 0.4, "
              "tau: 10 ms, dt: 2 ms"),
      3, parallel_);
  PatternState s(37, 5);
  network.Reset(2, s);
  for (int step = 0; step < 3; ++step) {
    const Array<double> before = s.potential;
    const std::vector<double> current = WrittenOut(network, 1.5, before, 0.4);
    network.Step(noise_, step, s);
    for (int64_t i = 0; i < 37; ++i) {
      EXPECT_NEAR(
          s.potential[i],
          before[i] + 0.2 * (current[static_cast<size_t>(i)] - before[i]),
          1e-13);
    }
  }
}

TEST_F(PatternNetworkTest, SparseWeightsAreThoseOfTheFormula) {
  const PatternNetwork network(
      Network("units: 30, patterns: 4, strength: 2, in_degree: 6"), 3,
      parallel_);
  const Array<double>& xi = network.patterns();
  ASSERT_EQ(network.inputs().rows(), 6);
  ASSERT_EQ(network.inputs().cols(), 30);
  for (int64_t i = 0; i < 30; ++i) {
    for (int64_t k = 0; k < 6; ++k) {
      const int64_t j = network.inputs()(k, i);
      double w = 0;
      for (int64_t mu = 0; mu < 3; ++mu) w += xi(i, mu + 1) * xi(j, mu);
      EXPECT_NEAR(network.weights()(k, i), 2 * w / 6, 1e-14);
    }
  }
}

TEST_F(PatternNetworkTest, AllInputsOfASparseNetworkAreTheFullOne) {
  // Without those from a unit to itself, which the full form has.
  const PatternNetwork sparse(
      Network("units: 25, patterns: 3, in_degree: 24, strength: 24"), 1,
      parallel_);
  const PatternNetwork full(Network("units: 25, patterns: 3, strength: 25"), 1,
                            parallel_);
  PatternState a(25, 3), b(25, 3);
  sparse.Reset(0, a);
  full.Reset(0, b);
  const Array<double> h = a.potential;
  sparse.Step(noise_, 0, a);
  full.Step(noise_, 0, b);
  const Array<double>& xi = full.patterns();
  for (int64_t i = 0; i < 25; ++i) {
    const double self = xi(i, 1) * xi(i, 0) + xi(i, 2) * xi(i, 1);
    const double phi = std::erf(h[i] / (std::sqrt(2.0) * 0.5));
    EXPECT_NEAR(a.potential[i] + 0.05 * self * phi, b.potential[i], 1e-12);
  }
}

TEST_F(PatternNetworkTest, OverlapsOfAPatternAreItsProducts) {
  const PatternNetwork network(Network("units: 1000, patterns: 3"), 1,
                               parallel_);
  PatternState s(1000, 3);
  network.Reset(1, s);
  std::vector<double> kappa(3);
  network.Overlaps(s.potential.span(), kappa);
  const double five = 5 / std::sqrt(1000.0);
  EXPECT_NEAR(kappa[0], 0, five);
  EXPECT_NEAR(kappa[1], 1, std::sqrt(2.0) * five);
  EXPECT_NEAR(kappa[2], 0, five);
}

TEST_F(PatternNetworkTest, NoiseGivesAnUncoupledUnitItsDeviation) {
  const PatternNetwork network(
      Network("units: 4000, patterns: 2, strength: 0, sigma: 0.3"), 1,
      parallel_);
  PatternState s(4000, 2);
  for (int step = 0; step < 300; ++step) network.Step(noise_, step, s);
  // Of the Euler recursion with leak 1/20: sigma^2 / (1 - 1/40).
  const double variance = 0.09 / (1 - 1.0 / 40);
  EXPECT_NEAR(statistics::SumOfSquares(s.potential.span()) / 4000, variance,
              5 * variance * std::sqrt(2.0 / 4000));
}

TEST_F(PatternNetworkTest, ThreadsChangeNoBit) {
  for (const char* in_degree : {"0", "200"}) {
    const Component component =
        Network(std::string("units: 9000, patterns: 4, sigma: 0.1, "
                            "in_degree: ") +
                in_degree);
    std::vector<double> first;
    for (int threads : {1, 2, 3}) {
      Parallel parallel(threads);
      const PatternNetwork network(component, 1, parallel);
      PatternState s(9000, 4);
      network.Reset(0, s);
      for (int step = 0; step < 3; ++step) network.Step(noise_, step, s);
      const std::vector<double> h(s.potential.span().begin(),
                                  s.potential.span().end());
      if (first.empty()) first = h;
      EXPECT_EQ(h, first) << threads << " threads";
    }
  }
}

TEST_F(PatternNetworkTest, AStepAllocatesNothing) {
  const PatternNetwork network(Network("units: 100, patterns: 3, sigma: 0.1"),
                               1, parallel_);
  PatternState s(100, 3);
  std::vector<double> kappa(3);
  network.Reset(0, s);
  const int64_t before = AllocationCount();
  for (int step = 0; step < 5; ++step) {
    network.Step(noise_, step, s);
    network.Overlaps(s.potential.span(), kappa);
  }
  EXPECT_EQ(AllocationCount(), before);
}

TEST(PatternMeanFieldTest, TheFieldIsTheEquationByHand) {
  const PatternMeanField field(
      Network("units: 10, patterns: 3, strength: 2, gain_width: 0.6, "
              "tau: 8 ms, sigma: 0.2"));
  const std::vector<double> kappa = {0.5, -0.25, 0.1};
  std::vector<double> rate(3);
  field.Field(kappa, 0.03, rate);
  const double slope = std::sqrt(2 / std::numbers::pi) /
                       std::sqrt(0.36 + 0.03 + 0.25 + 0.0625 + 0.01);
  EXPECT_NEAR(rate[0], -0.5 / 8, 1e-16);
  EXPECT_NEAR(rate[1], (2 * 0.5 * slope + 0.25) / 8, 1e-16);
  EXPECT_NEAR(rate[2], (2 * -0.25 * slope - 0.1) / 8, 1e-16);
  EXPECT_NEAR(field.VarianceField(0.03), 2 * (0.04 - 0.03) / 8, 1e-16);
}

}  // namespace
}  // namespace engram
