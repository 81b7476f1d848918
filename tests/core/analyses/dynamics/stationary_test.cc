#include "core/analyses/dynamics/stationary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "core/analyses/dynamics/stability.h"
#include "core/base/numerics.h"
#include "tests/core/analyses/dynamics/systems.h"

namespace engram {
namespace {

class StationaryTest : public testing::Test {
 protected:
  const ScopedNumericEnvironment environment_;
};

TEST_F(StationaryTest, ATanhUnitHasTheFixedPointOfItsEquation) {
  const RateDynamics unit = Units({{1.5}}, {GainShape::kTanh, 0, 1});
  StationarySearch search(unit);
  DynamicsPoint p(1);
  p.x[0] = 2;
  EXPECT_EQ(search.Find(p), Stationary::kFixed);
  // x = 1.5 tanh x, by bisection: 1.2878394550.
  EXPECT_NEAR(p.x[0], 1.2878394550, 1e-9);
  // 1.5 (1 - tanh^2) - 1 = 0.5 - x^2 / 1.5.
  EXPECT_NEAR(ComputeStability(unit, p)->real[0], 0.5 - p.x[0] * p.x[0] / 1.5,
              1e-12);
  p.x[0] = 0.2;
  EXPECT_EQ(search.Find(p), Stationary::kFixed);
  EXPECT_NEAR(p.x[0], 0, 1e-12);
  EXPECT_EQ(ComputeStability(unit, p)->unstable_dimension, 1);
}

// x = w tanh(x - theta) touches zero where the two solutions meet: at u =
// x - theta with w (1 - tanh^2 u) = 1, so that for w = 2, u = acosh(sqrt 2) and
// theta = 2 tanh u - u = sqrt 2 - 0.8813735870. A theta above that by d leaves
// a minimum of |F| of size d there.
TEST_F(StationaryTest, FindsTheGhostOfTwoPointsThatHaveMet) {
  const double u = std::acosh(std::sqrt(2.0));
  const double d = 1e-3;
  const RateDynamics unit =
      Units({{2}}, {GainShape::kTanh, std::sqrt(2.0) - u + d, 1});
  StationarySearch search(unit);
  DynamicsPoint p(1);
  p.x[0] = 2.5;
  EXPECT_EQ(search.Find(p), Stationary::kSlow);
  EXPECT_NEAR(p.x[0], std::sqrt(2.0) + d, 1e-6);
  EXPECT_NEAR(search.q(), d * d / 2, 1e-12);
}

struct Expected {
  double self, forward, backward;
  size_t points, stable;
};

TEST_F(StationaryTest, TwoItemsHaveThePublishedNumbersOfPoints) {
  for (const Expected& e : std::vector<Expected>{{1, 0.1, 0.1, 9, 4},
                                                 {-1, -0.1, -0.1, 1, 1},
                                                 {0, 1, -1, 1, 1},
                                                 {0.7, 1, -0.47, 3, 2},
                                                 {1, 0.7, 0, 5, 3}}) {
    const RateDynamics items = TwoItems(e.self, e.forward, e.backward);
    StationarySearch search(items);
    std::set<std::pair<int64_t, int64_t>> all, stable;
    for (double a = -2.5; a <= 2.5; a += 0.125) {
      for (double b = -2.5; b <= 2.5; b += 0.125) {
        DynamicsPoint p(2);
        p.x[0] = a, p.x[1] = b;
        if (search.Find(p) != Stationary::kFixed) continue;
        const std::pair key(std::llround(p.x[0] * 1e6),
                            std::llround(p.x[1] * 1e6));
        all.insert(key);
        if (ComputeStability(items, p)->is_stable()) stable.insert(key);
      }
    }
    EXPECT_EQ(all.size(), e.points) << e.self << " " << e.forward;
    EXPECT_EQ(stable.size(), e.stable) << e.self << " " << e.forward;
  }
}

TEST_F(StationaryTest, EigenvaluesOfTheAntisymmetricPairTurn) {
  const RateDynamics items = TwoItems(0, 1, -1);
  StationarySearch search(items);
  DynamicsPoint p(2);
  ASSERT_EQ(search.Find(p), Stationary::kFixed);
  const Stability s = *ComputeStability(items, p);
  EXPECT_TRUE(s.is_spiral());
  EXPECT_NEAR(s.real[0], -1.013, 5e-4);
  EXPECT_NEAR(s.imaginary[0], 0.127, 5e-4);
  EXPECT_EQ(s.imaginary[1], -s.imaginary[0]);
}

}  // namespace
}  // namespace engram
