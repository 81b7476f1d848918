#include "server/worker/pace.h"

#include <gtest/gtest.h>

namespace engram {
namespace {

using namespace std::chrono_literals;

TEST(PaceTest, FindsTheTicksThatTakeTheTarget) {
  Pace pace;
  for (int i = 0; i < 20; ++i) pace.Took(pace.ticks(), pace.ticks() * 100us);
  EXPECT_EQ(pace.ticks(), Pace::kTarget / 100us);
}

TEST(PaceTest, GrowsFourfoldAtMostAndShrinksAtOnce) {
  Pace pace;
  EXPECT_EQ(pace.ticks(), 1);
  pace.Took(1, 1ns);
  EXPECT_EQ(pace.ticks(), 4);
  pace.Took(4, 1ns);
  EXPECT_EQ(pace.ticks(), 16);
  pace.Took(16, 3200ms);
  EXPECT_EQ(pace.ticks(), 1);
}

TEST(PaceTest, IsNeverBelowOneNorBeyondItsType) {
  Pace pace;
  pace.Took(1, 1h);
  EXPECT_EQ(pace.ticks(), 1);
  pace.Took(0, 1s);
  EXPECT_EQ(pace.ticks(), 1);
  for (int i = 0; i < 100; ++i) pace.Took(int64_t{1} << 40, 0ns);
  EXPECT_GE(pace.ticks(), 1);
}

TEST(PaceTest, AStoppedCallCountsWhatItDid) {
  Pace pace;
  for (int i = 0; i < 10; ++i) pace.Took(pace.ticks(), pace.ticks() * 1ms);
  EXPECT_EQ(pace.ticks(), 50);
  pace.Took(10, 10ms);
  EXPECT_EQ(pace.ticks(), 50);
}

}  // namespace
}  // namespace engram
