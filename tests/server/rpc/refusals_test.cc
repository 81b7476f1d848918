#include "server/rpc/refusals.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

constexpr int64_t kSecond = 1'000'000;

TEST(RefusalsTest, SixtyAtOnceAndOneASecondAreWritten) {
  Refusals refusals;
  int written = 0;
  for (int i = 0; i < 100; ++i) {
    written += refusals.Count("10.0.0.7", 0).is_recorded ? 1 : 0;
  }
  EXPECT_EQ(written, 60);
  EXPECT_FALSE(refusals.Count("10.0.0.7", kSecond / 2).is_recorded);
  const auto after = refusals.Count("10.0.0.7", kSecond);
  EXPECT_TRUE(after.is_recorded);
  EXPECT_EQ(after.left_out, 41);
  EXPECT_FALSE(refusals.Count("10.0.0.7", kSecond).is_recorded);
  EXPECT_EQ(refusals.total(), 103);
}

TEST(RefusalsTest, OneOriginsFloodLeavesOthersTheirLines) {
  Refusals refusals;
  for (int i = 0; i < 1000; ++i) refusals.Count("10.0.0.7", 0);
  EXPECT_TRUE(refusals.Count("10.0.0.8", 0).is_recorded);
}

TEST(RefusalsTest, ManyOriginsTogetherAreBounded) {
  Refusals refusals;
  int written = 0;
  for (int i = 0; i < 20'000; ++i) {
    written += refusals.Count(absl::StrCat(i), 0).is_recorded ? 1 : 0;
  }
  // 4,096 of their own and the bucket that the others share.
  EXPECT_LE(written, 4096 + 60);
  // Quiet for a minute: all are forgotten, and there is room again.
  EXPECT_TRUE(refusals.Count("later", 120 * kSecond).is_recorded);
  EXPECT_TRUE(refusals.Count("still later", 120 * kSecond).is_recorded);
}

TEST(RefusalsTest, ClockThatIsSetBackFillsNothing) {
  Refusals refusals;
  for (int i = 0; i < 60; ++i) refusals.Count("a", 3600 * kSecond);
  EXPECT_FALSE(refusals.Count("a", 0).is_recorded);
  EXPECT_TRUE(refusals.Count("a", 2 * kSecond).is_recorded);
}

TEST(RefusalsTest, HostIsThePeerWithoutTransportAndPort) {
  EXPECT_EQ(HostOf("ipv4:127.0.0.1:40112"), "127.0.0.1");
  EXPECT_EQ(HostOf("tls+ipv4:10.0.0.7:40112"), "10.0.0.7");
  EXPECT_EQ(HostOf("https:10.0.0.7:40112"), "10.0.0.7");
  EXPECT_EQ(HostOf("ipv6:%5Bfd00::7%5D:40112"), "%5Bfd00::7%5D");
  EXPECT_EQ(HostOf("unix:"), "unix");
  EXPECT_EQ(HostOf("unknown"), "unknown");
  EXPECT_EQ(HostOf(""), "");
}

}  // namespace
}  // namespace engram
