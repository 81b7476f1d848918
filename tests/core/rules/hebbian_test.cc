#include "core/rules/hebbian.h"

#include <gtest/gtest.h>

#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

TEST(HebbianTest, TwoStepsAreWhatTheyAreByHand) {
  Parallel parallel(1);
  Plastic p("{type: hebbian, eta: 0.1}", 2, 2.0);
  p.Step({0.5, 0.25}, parallel);
  p.Step({1.0, 0.5}, parallel);
  EXPECT_DOUBLE_EQ(p.w(0, 1), 0.1 * 2 * (0.5 * 0.25 + 1.0 * 0.5));
  EXPECT_EQ(p.w(0, 1), p.w(1, 0));
  EXPECT_EQ(p.w(0, 0), 0);
}

TEST(HebbianTest, IsExactlySymmetric) {
  Parallel parallel(1);
  Plastic p("{type: hebbian}", 30);
  for (int step = 0; step < 100; ++step) {
    p.Step(RandomRates(30, step), parallel);
  }
  for (int64_t i = 0; i < 30; ++i) {
    for (int64_t j = 0; j < i; ++j) EXPECT_EQ(p.w(i, j), p.w(j, i));
  }
}

}  // namespace
}  // namespace engram
