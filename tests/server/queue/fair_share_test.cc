#include "server/queue/fair_share.h"

#include "gtest/gtest.h"

namespace engram {
namespace {

constexpr int64_t kStart = 1'700'000'000'000'000;

TEST(FairShareTest, HalvesEverySevenDays) {
  FairShare share;
  share.Add("ada", 800, kStart);
  EXPECT_DOUBLE_EQ(share.At("ada", kStart), 800);
  EXPECT_DOUBLE_EQ(share.At("ada", kStart + FairShare::kHalfLifeUs), 400);
  EXPECT_DOUBLE_EQ(share.At("ada", kStart + 3 * FairShare::kHalfLifeUs), 100);
}

TEST(FairShareTest, AddsToWhatIsLeft) {
  FairShare share;
  share.Add("ada", 800, kStart);
  const FairShare::Usage usage =
      share.Add("ada", 50, kStart + FairShare::kHalfLifeUs);
  EXPECT_DOUBLE_EQ(usage.cpu_seconds, 450);
  EXPECT_EQ(usage.as_of_us, kStart + FairShare::kHalfLifeUs);
}

TEST(FairShareTest, ContinuesFromWhatWasStored) {
  FairShare share;
  share.Load("ada", {.cpu_seconds = 64, .as_of_us = kStart},
             kStart + FairShare::kHalfLifeUs);
  EXPECT_DOUBLE_EQ(share.At("ada", kStart + FairShare::kHalfLifeUs), 32);
}

// Stored while the clock was a year ahead: it must not stand still for a year.
TEST(FairShareTest, WhatWasStoredByAClockThatWasAheadDecaysFromNow) {
  FairShare share;
  share.Load(
      "ada",
      {.cpu_seconds = 64, .as_of_us = kStart + 52 * FairShare::kHalfLifeUs},
      kStart);
  EXPECT_DOUBLE_EQ(share.At("ada", kStart), 64);
  EXPECT_DOUBLE_EQ(share.At("ada", kStart + FairShare::kHalfLifeUs), 32);
}

TEST(FairShareTest, UnknownUserHasUsedNothing) {
  EXPECT_EQ(FairShare().At("bob", kStart), 0);
}

TEST(FairShareTest, AClockThatIsSetBackDecaysNothing) {
  FairShare share;
  share.Add("ada", 800, kStart);
  EXPECT_DOUBLE_EQ(share.At("ada", kStart - 3'600'000'000), 800);
}

}  // namespace
}  // namespace engram
