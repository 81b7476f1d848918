#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/core/spiking/connectivity/pairs.h"

namespace engram {
namespace {

Component Spread(const char* layout, const char* kernel, double p,
                 double sigma) {
  return ConnectivityOf(
      "distance_dependent",
      {{"layout", layout}, {"kernel", kernel}, {"p", p}, {"sigma", sigma}});
}

// `pairs` of chance q each: their number has the variance pairs q (1 - q).
void ExpectBinomial(int64_t count, int64_t pairs, double q) {
  const double n = static_cast<double>(pairs);
  EXPECT_NEAR(static_cast<double>(count), n * q, 5 * std::sqrt(n * q * (1 - q)))
      << "chance " << q;
}

// On a ring of 400 units all pairs of the same distance have the same chance.
TEST(DistanceDependentTest, OnARingTheChanceFollowsTheKernel) {
  constexpr int64_t kUnits = 400;
  for (const char* kernel : {"gaussian", "exponential"}) {
    const Pairs pairs(Spread("ring", kernel, 0.8, 0.07),
                      {.n_pre = kUnits, .n_post = kUnits, .seed = 5});
    EXPECT_EQ(pairs.Largest(), 1);
    for (const int64_t away : {0, 1, 20, 40, 80, 120, 199, 200}) {
      int64_t count = 0;
      for (int64_t j = 0; j < kUnits; ++j) {
        count += pairs(j, (j + away) % kUnits);
      }
      const double d = static_cast<double>(away) / kUnits / 0.07;
      const bool is_gaussian = kernel == std::string("gaussian");
      ExpectBinomial(count, kUnits,
                     0.8 * std::exp(is_gaussian ? -d * d / 2 : -d));
    }
  }
}

// Units of a 20 x 20 sheet lie 1/20 apart. On a torus the corners (0, 0) and
// (19, 19) are neighbours across the edges, on a grid they are far apart.
TEST(DistanceDependentTest, ATorusIsClosedAndAGridIsNot) {
  int64_t across[2] = {0, 0}, near = 0;
  constexpr int64_t kSeeds = 400;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const ConnectivityShape sheet = {
        .n_pre = 400, .n_post = 400, .is_recurrent = false, .seed = seed};
    std::vector<int32_t> row;
    MakeConnectivity(Spread("torus", "gaussian", 1, 0.1), sheet)->Row(0, row);
    across[0] += std::ranges::count(row, 399);
    near += std::ranges::count(row, 21);
    MakeConnectivity(Spread("grid", "gaussian", 1, 0.1), sheet)->Row(0, row);
    across[1] += std::ranges::count(row, 399);
  }
  // sqrt(2) / 20 away: d^2 / (2 sigma^2) = 0.25.
  ExpectBinomial(across[0], kSeeds, std::exp(-0.25));
  ExpectBinomial(near, kSeeds, std::exp(-0.25));
  EXPECT_EQ(across[1], 0);
}

// Sheets of different numbers of units cover each other: unit 0 of 4 lies at a
// quarter of the side, where units 42, 43, 62, 63 of 400 are the closest.
TEST(DistanceDependentTest, BothSidesCoverTheSameSheet) {
  std::vector<int32_t> row;
  MakeConnectivity(Spread("grid", "gaussian", 1, 0.02),
                   {.n_pre = 4, .n_post = 400, .seed = 7})
      ->Row(0, row);
  ASSERT_FALSE(row.empty());
  for (const int32_t unit : row) {
    const double x = (unit % 20 + 0.5) / 20, y = (unit / 20 + 0.5) / 20;
    EXPECT_LT(std::hypot(x - 0.25, y - 0.25), 0.15);
  }
}

TEST(DistanceDependentTest, CertainPairsAreAllThere) {
  const Pairs pairs(Spread("grid", "gaussian", 1, 1e6),
                    {.n_pre = 7, .n_post = 600});
  EXPECT_EQ(pairs.Total(), 7 * 600);
}

}  // namespace
}  // namespace engram
