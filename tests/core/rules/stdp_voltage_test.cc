#include "core/rules/stdp_voltage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

constexpr double kDt = 0.5;
constexpr double kLtd = 0.002, kLtp = 0.0003;

// One synapse whose postsynaptic potential is given step by step.
class VoltageSynapse {
 public:
  explicit VoltageSynapse(const std::string& more = "")
      : rule_(MakePlasticity<double>(
            RuleTree("{type: stdp_voltage, a_ltd: 0.002, a_ltp: 0.0003, "
                     "theta_minus: -70, theta_plus: -45, tau_x: 15, "
                     "tau_minus: 10, tau_plus: 7, " +
                     (more.empty() ? std::string("delay: 0") : more) + "}"),
            {.n_post = 1, .n_pre = 1, .dt = kDt})),
        w_(1, 1) {}

  // The change of the weight by a step.
  double Step(double potential, bool pre_fires) {
    const int32_t unit[] = {0};
    const double before = w_[0];
    const Signals<double> s{.pre_spikes = {unit, pre_fires ? 1u : 0u},
                            .post_potential = {&potential, 1},
                            .dt = kDt};
    Parallel parallel(1);
    ApplyRule(*rule_, s, w_, parallel);
    return w_[0] - before;
  }

 private:
  std::unique_ptr<Plasticity<double>> rule_;
  Array<double> w_;
};

// Filters begin at theta_minus, -70 mV.
TEST(StdpVoltageTest, APresynapticSpikeDepressesByTheFilteredPotential) {
  VoltageSynapse synapse;
  EXPECT_EQ(synapse.Step(-60, false), 0);
  EXPECT_NEAR(synapse.Step(-60, true), -kLtd * 10 * (1 - std::exp(-kDt / 10)),
              1e-15);
  EXPECT_EQ(VoltageSynapse().Step(-75, true), 0);
}

// Two steps by hand: 20 mV for a step moves u_minus by 90 (1 - exp(-dt/10)).
TEST(StdpVoltageTest, TheDepressingPotentialIsFiltered) {
  VoltageSynapse synapse;
  synapse.Step(-70, false);
  synapse.Step(20, false);
  EXPECT_NEAR(synapse.Step(-70, true), -kLtd * 90 * (1 - std::exp(-kDt / 10)),
              1e-14);
}

// After a presynaptic spike x = exp(-k dt/tau_x) / tau_x at its k-th step; the
// spike's own step does not see it.
TEST(StdpVoltageTest, PotentiatesWhileTraceAndPotentialAreUp) {
  VoltageSynapse synapse;
  synapse.Step(-70, true);
  double u_plus = -70;
  for (int k = 1; k < 40; ++k) {
    const double x = std::exp(-k * kDt / 15) / 15;
    const double expected = kDt * kLtp * x * 65 * (u_plus + 70);
    EXPECT_NEAR(synapse.Step(20, false), expected, 1e-14) << k;
    u_plus = 20 - 90 * std::exp(-k * kDt / 7);
  }
}

TEST(StdpVoltageTest, WithoutAPresynapticSpikeNothingChanges) {
  VoltageSynapse synapse;
  for (int k = 0; k < 50; ++k) EXPECT_EQ(synapse.Step(30, false), 0);
}

TEST(StdpVoltageTest, BelowEitherThresholdNothingPotentiates) {
  VoltageSynapse synapse;
  synapse.Step(-46, true);
  for (int k = 0; k < 20; ++k) EXPECT_EQ(synapse.Step(-46, false), 0);
}

// A delay of two steps: the spike's rise is seen so much later.
TEST(StdpVoltageTest, FilteredPotentialsComeAfterTheDelay) {
  for (const int after : {1, 2, 3, 4}) {
    VoltageSynapse synapse("delay: 1");
    synapse.Step(-70, false);
    synapse.Step(20, false);
    for (int k = 1; k < after; ++k) synapse.Step(-70, false);
    const double seen = after < 3 ? 0
                                  : 90 * (1 - std::exp(-kDt / 10)) *
                                        std::exp(-(after - 3) * kDt / 10);
    EXPECT_NEAR(synapse.Step(-70, true), -kLtd * seen, 1e-14) << after;
  }
}

}  // namespace
}  // namespace engram
