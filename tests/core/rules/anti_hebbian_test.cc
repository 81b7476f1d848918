#include <gtest/gtest.h>

#include "tests/core/rules/rule_fixture.h"

namespace engram {
namespace {

TEST(AntiHebbianTest, IsTheHebbianRuleWithTheOtherSignToTheBit) {
  Parallel parallel(1);
  Plastic anti("{type: anti_hebbian}", 20), hebb("{type: hebbian}", 20);
  for (int step = 0; step < 50; ++step) {
    anti.Step(RandomRates(20, step), parallel);
    hebb.Step(RandomRates(20, step), parallel);
  }
  EXPECT_LT(anti.w(3, 4), 0);
  for (size_t i = 0; i < anti.w.size(); ++i) {
    EXPECT_EQ(anti.w[static_cast<int64_t>(i)],
              -hebb.w[static_cast<int64_t>(i)]);
  }
}

}  // namespace
}  // namespace engram
