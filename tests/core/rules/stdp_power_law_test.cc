#include "core/rules/stdp_power_law.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

constexpr char kRule[] =
    "{type: stdp_power_law, lambda: 0.1, alpha: 0.06, mu: 0.4, w_0: 2, "
    "tau_plus: 15 ms, tau_minus: 30 ms}";

// Post 6 ms after pre raises w by lambda w_0^0.6 w^0.4 exp(-6 / 15).
TEST(StdpPowerLawTest, PotentiatesByAPowerOfTheWeight) {
  for (const double w : {0.5, 2.0, 40.0}) {
    EXPECT_NEAR(Synapse(kRule, w).Run({3}, {9}) - w,
                0.1 * std::pow(2, 0.6) * std::pow(w, 0.4) * std::exp(-6.0 / 15),
                1e-13);
  }
}

// At w = w_0 a pair at once would give lambda w_0.
TEST(StdpPowerLawTest, ReferenceWeightGainsLambdaOfItself) {
  EXPECT_NEAR(Synapse(kRule, 2).Run({0}, {6}) - 2, 0.2 * std::exp(-6.0 / 15),
              1e-14);
}

TEST(StdpPowerLawTest, DepressesInProportion) {
  EXPECT_NEAR(Synapse(kRule, 2).Run({9}, {3}) - 2,
              -0.1 * 0.06 * 2 * std::exp(-6.0 / 30), 1e-14);
}

TEST(StdpPowerLawTest, DepressionStopsAtZero) {
  const std::string strong =
      "{type: stdp_power_law, lambda: 1, alpha: 900, tau_minus: 30 ms}";
  EXPECT_EQ(Synapse(strong, 2).Run({4}, {3}), 0);
}

}  // namespace
}  // namespace engram
