#include "server/worker/cadence.h"

#include <gtest/gtest.h>

namespace engram {
namespace {

using namespace std::chrono_literals;

const Cadence::TimePoint kBegun{1000s};

TEST(CadenceTest, TheFirstIsDueAfterTheLeastTime) {
  const Cadence cadence({}, kBegun);
  EXPECT_FALSE(cadence.IsDue(kBegun + 29s));
  EXPECT_TRUE(cadence.IsDue(kBegun + 30s));
}

TEST(CadenceTest, AnExpensiveOneIsNextDueAfterFiftyTimesItsCost) {
  Cadence cadence({}, kBegun);
  cadence.Saved(kBegun + 30s, kBegun + 32s);
  EXPECT_FALSE(cadence.IsDue(kBegun + 32s + 99s));
  EXPECT_TRUE(cadence.IsDue(kBegun + 32s + 100s));
}

TEST(CadenceTest, ACheapOneIsNextDueAfterTheLeastTime) {
  Cadence cadence({.least = 10s}, kBegun);
  cadence.Saved(kBegun + 10s, kBegun + 10s + 1ms);
  EXPECT_FALSE(cadence.IsDue(kBegun + 20s));
  EXPECT_TRUE(cadence.IsDue(kBegun + 21s));
}

}  // namespace
}  // namespace engram
