// Jacobians and curvatures of every vector field against central differences.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/analyses/dynamics/trained_dynamics.h"
#include "core/base/random.h"
#include "core/networks/pattern_mean_field.h"
#include "tests/core/analyses/dynamics/systems.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

struct Case {
  std::string name;
  std::function<std::unique_ptr<Dynamics>()> make;
};

std::unique_ptr<Dynamics> RandomUnits(GainShape shape) {
  const int64_t n = 5;
  Array<double> coupling(n, n), input(n), tau(n);
  const RandomStream stream(3, "systems", "coupling");
  stream.FillNormal(0, coupling.span());
  stream.FillNormal(1, input.span());
  stream.Fill(2, tau.span());
  for (double& t : tau.span()) t = 5 + 10 * t;
  return std::make_unique<RateDynamics>(coupling, input, tau,
                                        GainFunction{shape, 0.3, 0.4});
}

std::unique_ptr<Dynamics> RandomTrained(const std::string& yaml) {
  const Component network = Tree(yaml, Kind::kTrainedNetwork, "network");
  const ParameterLayout layout =
      TrainedDynamics::NetworkFor(network, 2).layout();
  Array<double> parameters(layout.size());
  const RandomStream stream(7, "systems", "parameters");
  stream.FillNormal(0, parameters.span());
  for (double& w : parameters.span()) w *= 0.7;
  if (const ParameterMatrix* tau = layout.Find("tau")) {
    for (int64_t i = 0; i < tau->rows; ++i) parameters[tau->offset + i] = 2.5;
  }
  return std::make_unique<TrainedDynamics>(
      network, std::vector<double>{0.3, -0.8}, std::move(parameters));
}

std::vector<Case> Cases() {
  std::vector<Case> cases = {
      {"logistic", [] { return RandomUnits(GainShape::kLogistic); }},
      {"tanh", [] { return RandomUnits(GainShape::kTanh); }},
      {"erf", [] { return RandomUnits(GainShape::kErf); }}};
  for (const char* type :
       {"leaky_rnn", "vanilla_rnn", "gru", "lstm", "sublstm", "fix_sublstm"}) {
    cases.push_back({std::string("trained_") + type, [type] {
                       return RandomTrained(std::string("{type: ") + type +
                                            ", units: 3}");
                     }});
  }
  cases.push_back({"trained_stack", [] {
                     return RandomTrained(
                         "{type: layer_stack, layers: [{type: lstm, units: 2}, "
                         "{type: feed_forward, units: 3}, {type: gru, units: "
                         "2}]}");
                   }});
  for (const bool is_cycle : {false, true}) {
    cases.push_back({is_cycle ? "overlaps_cycle" : "overlaps", [is_cycle] {
                       return std::make_unique<OverlapDynamics>(
                           OverlapParameters{.patterns = 4,
                                             .strength = 1.3,
                                             .gain_width = 0.5,
                                             .tau = 10,
                                             .is_cycle = is_cycle});
                     }});
  }
  return cases;
}

class DerivativesTest : public testing::TestWithParam<Case> {
 protected:
  DerivativesTest() : point_(dynamics_->size()) {
    RandomStream(4, "systems", "state").FillNormal(0, point_.x.span());
  }

  const std::unique_ptr<Dynamics> dynamics_ = GetParam().make();
  DynamicsPoint point_;
};

TEST_P(DerivativesTest, TheJacobianIsThatOfTheField) {
  const int64_t n = dynamics_->size();
  Array<double> jacobian(n, n);
  dynamics_->Evaluate(point_);
  dynamics_->Linearise(point_, jacobian);
  for (int64_t j = 0; j < n; ++j) {
    const double h = std::cbrt(2.2e-16) * std::max(1.0, std::abs(point_.x[j]));
    DynamicsPoint ahead = point_, behind = point_;
    ahead.x[j] += h;
    behind.x[j] -= h;
    dynamics_->Evaluate(ahead);
    dynamics_->Evaluate(behind);
    for (int64_t i = 0; i < n; ++i) {
      EXPECT_NEAR(jacobian(i, j), (ahead.field[i] - behind.field[i]) / (2 * h),
                  1e-8)
          << i << " " << j;
    }
  }
}

TEST_P(DerivativesTest, TheCurvatureIsThatOfTheJacobian) {
  const int64_t n = dynamics_->size();
  Array<double> v(n), curvature(n, n), scratch(n, n);
  RandomStream(5, "systems", "weights").FillNormal(0, v.span());
  dynamics_->Evaluate(point_);
  dynamics_->Linearise(point_, scratch);
  dynamics_->AddCurvature(point_, v.span(), curvature);
  const double h = 1e-6;
  for (int64_t k = 0; k < n; ++k) {
    Array<double> ahead(n, n), behind(n, n);
    for (const double side : {1.0, -1.0}) {
      DynamicsPoint p = point_;
      p.x[k] += side * h;
      dynamics_->Evaluate(p);
      dynamics_->Linearise(p, side > 0 ? ahead : behind);
    }
    for (int64_t j = 0; j < n; ++j) {
      double sum = 0;
      for (int64_t i = 0; i < n; ++i) {
        sum += v[i] * (ahead(i, j) - behind(i, j)) / (2 * h);
      }
      EXPECT_NEAR(curvature(j, k), sum, 1e-7) << j << " " << k;
    }
  }
}

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Systems, DerivativesTest, testing::ValuesIn(Cases()),
                         NameOf);

// The same equation as the pattern network's program integrates, per tau.
TEST(OverlapDynamicsTest, IsTheMeanFieldOfThePatternNetwork) {
  const Component network = Tree(
      "{type: pattern_network, patterns: 5, strength: 1.3, gain_width: 0.4, "
      "tau: 12}",
      Kind::kNetwork, "experiment.network");
  const OverlapDynamics overlaps({.patterns = 5,
                                  .strength = 1.3,
                                  .gain_width = 0.4,
                                  .tau = 12,
                                  .is_cycle = false});
  DynamicsPoint p(5);
  RandomStream(6, "systems", "overlaps").FillNormal(0, p.x.span());
  overlaps.Evaluate(p);
  std::vector<double> field(5);
  PatternMeanField(network).Field(p.x.span(), 0, field);
  for (int64_t mu = 0; mu < 5; ++mu) {
    EXPECT_NEAR(p.field[mu], 12 * field[static_cast<size_t>(mu)], 1e-14);
  }
}

TEST(RateDynamicsTest, TimeIsCountedInTheLongestTimeConstant) {
  Array<double> coupling(2, 2), input(2), tau(2);
  input[0] = 1, input[1] = 3;
  tau[0] = 10, tau[1] = 40;
  const RateDynamics units(coupling, input, tau, {});
  EXPECT_EQ(units.time_constant(), 40);
  DynamicsPoint p(2);
  units.Evaluate(p);
  EXPECT_EQ(p.field[0], 4);
  EXPECT_EQ(p.field[1], 3);
}

TEST(MeanFieldCouplingTest, ScalesLeavesOutTheOwnWeightAndInhibits) {
  Array<double> b(2, 2);
  b(0, 0) = 2, b(0, 1) = -4, b(1, 0) = 1, b(1, 1) = 0;
  const Array<double> m = MeanFieldCoupling(
      b, 2, 1, {.units_per_item = 10, .units = 100, .without_self = true});
  EXPECT_NEAR(m(0, 0), 1 * 0.9 - 0.1, 1e-15);
  EXPECT_NEAR(m(0, 1), -2 - 0.1, 1e-15);
  EXPECT_NEAR(m(1, 0), 0.5 - 0.1, 1e-15);
  EXPECT_NEAR(m(1, 1), -0.1, 1e-15);
}

}  // namespace
}  // namespace engram
