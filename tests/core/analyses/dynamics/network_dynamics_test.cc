#include "core/analyses/dynamics/network_dynamics.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/networks/catalog.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

constexpr int64_t kUnits = 12;

Component Network(const std::string& type) {
  const std::string inputs =
      type == "sparse_rate_rnn" ? ", in_degree: 3" : std::string();
  return Tree("{type: " + type +
                  ", units: 12, tau: 8 ms, dt: 2 ms, theta: 0.2, t_phi: 0.4, "
                  "w_inhibition: 3, g_0: 2" +
                  inputs + "}",
              Kind::kNetwork, "experiment.network");
}

class NetworkDynamicsTest : public testing::TestWithParam<std::string> {
 protected:
  const ScopedNumericEnvironment environment_;
  Parallel parallel_{1};
  const Component component_ = Network(GetParam());
  const std::unique_ptr<RateNetwork> network_ =
      MakeNetwork(component_, 1, parallel_);
};

// An Euler step of dt moves x by dt / tau F(x).
TEST_P(NetworkDynamicsTest, TheFieldIsWhatAStepOfTheNetworkFollows) {
  const Array<double>& w = network_->initial_weights();
  const RandomStream noise(1, "experiment.network", "noise");
  RateState s(kUnits);
  network_->Reset(s);
  std::vector<double> input(kUnits);
  noise.FillNormal(0, input);
  for (double& i : input) i *= 10;
  network_->Step(w, input, noise, 0, s);
  const auto dynamics = DynamicsOfNetwork(component_, w);
  ASSERT_NE(dynamics, nullptr);
  ASSERT_EQ(dynamics->size(), kUnits);
  EXPECT_EQ(dynamics->time_constant(), 8);
  DynamicsPoint p(kUnits);
  for (int64_t i = 0; i < kUnits; ++i) p.x[i] = s.potential[i];
  dynamics->Evaluate(p);
  network_->Step(w, std::vector<double>(kUnits), noise, 1, s);
  for (int64_t i = 0; i < kUnits; ++i) {
    EXPECT_NEAR((s.potential[i] - p.x[i]) * 8 / 2, p.field[i], 1e-13) << i;
  }
}

TEST_P(NetworkDynamicsTest, ItsJacobianHasTheSynapsesAndTheInhibition) {
  const Array<double>& w = network_->initial_weights();
  const auto dynamics = DynamicsOfNetwork(component_, w);
  DynamicsPoint p(kUnits);
  Array<double> jacobian(kUnits, kUnits);
  dynamics->Evaluate(p);
  dynamics->Linearise(p, jacobian);
  for (int64_t j = 0; j < kUnits; ++j) {
    for (int64_t i = 0; i < kUnits; ++i) {
      const double leak = i == j ? 1 : 0;
      EXPECT_NEAR(jacobian(i, j), (w(i, j) - 3.0 / kUnits) * p.slope[j] - leak,
                  1e-13);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, NetworkDynamicsTest,
                         testing::ValuesIn(NetworksWithDynamics()),
                         [](const testing::TestParamInfo<std::string>& type) {
                           return type.param;
                         });

TEST(NetworksWithDynamicsTest, DenseAndSparseRateNetworksHaveOne) {
  EXPECT_EQ(NetworksWithDynamics(),
            (std::vector<std::string>{"rate_rnn", "sparse_rate_rnn"}));
}

}  // namespace
}  // namespace engram
