#include "core/rules/stdp_pair.h"

#include <gtest/gtest.h>

#include <cmath>

#include "absl/strings/str_cat.h"
#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

constexpr double kPlus = 0.004, kMinus = 0.006, kTauPlus = 15, kTauMinus = 30;

std::string Yaml(double mu, const char* pairing = "all_to_all") {
  return absl::StrCat("{type: stdp_pair, a_plus: ", kPlus,
                      ", a_minus: ", kMinus, ", tau_plus: ", kTauPlus,
                      " ms, tau_minus: ", kTauMinus, " ms, mu: ", mu,
                      ", pairing: ", pairing, "}");
}

double ExpPlus(double delta) { return std::exp(-delta / kTauPlus); }
double ExpMinus(double delta) { return std::exp(-delta / kTauMinus); }

// Additive, multiplicative and power-law window, at w = 0.3.
TEST(StdpPairTest, OnePairDrawsTheWindow) {
  for (const double mu : {0.0, 0.5, 1.0}) {
    for (const int64_t delta : {1, 5, 20, 100}) {
      Synapse up(Yaml(mu), 0.3, 0.5), down(Yaml(mu), 0.3, 0.5);
      const double ms = 0.5 * static_cast<double>(delta);
      EXPECT_NEAR(up.Run({3}, {3 + delta}) - 0.3,
                  kPlus * std::pow(0.7, mu) * ExpPlus(ms), 1e-14);
      EXPECT_NEAR(down.Run({3 + delta}, {3}) - 0.3,
                  -kMinus * std::pow(0.3, mu) * ExpMinus(ms), 1e-14);
    }
  }
}

// At equal times each side sees the other's trace before its increment.
TEST(StdpPairTest, SpikesAtOneStepDoNotPair) {
  EXPECT_EQ(Synapse(Yaml(0), 0.3).Run({4}, {4}), 0.3);
}

TEST(StdpPairTest, SpikesAtOneStepSeeEarlierOnesAndTheSameWeight) {
  Synapse s(Yaml(1), 0.3);
  const double w = s.Run({0, 5}, {2, 5});
  const double first = 0.3 + kPlus * 0.7 * ExpPlus(2);
  EXPECT_NEAR(
      w,
      first + kPlus * (1 - first) * ExpPlus(5) - kMinus * first * ExpMinus(3),
      1e-14);
}

TEST(StdpPairTest, AllPairsCountOrTheNearestOne) {
  Synapse all(Yaml(0)), nearest(Yaml(0, "nearest"));
  EXPECT_NEAR(all.Run({0, 10}, {15}), kPlus * (ExpPlus(15) + ExpPlus(5)),
              1e-15);
  EXPECT_NEAR(nearest.Run({0, 10}, {15}), kPlus * ExpPlus(5), 1e-15);
}

// 60 pairings at 1 Hz, every pair of spikes summed.
TEST(StdpPairTest, APairingProtocolIsTheSumOverItsPairs) {
  std::multiset<int64_t> pre, post;
  for (int64_t n = 0; n < 60; ++n) {
    pre.insert(1000 * n);
    post.insert(1000 * n + 10);
  }
  double expected = 0;
  for (const int64_t i : post) {
    for (const int64_t j : pre) {
      const double delta = static_cast<double>(i - j);
      expected +=
          delta > 0 ? kPlus * ExpPlus(delta) : -kMinus * ExpMinus(-delta);
    }
  }
  EXPECT_NEAR(Synapse(Yaml(0)).Run(pre, post), expected, 1e-12);
}

}  // namespace
}  // namespace engram
