#include "server/log/log_text.h"

#include <gtest/gtest.h>

namespace engram {
namespace {

TEST(LogTextTest, MembersAreThoseOfOneJsonObject) {
  EXPECT_EQ(
      LogMembers(
          "warn", "the disk is nearly full",
          {{"folder", "/srv"}, {"free_bytes", int64_t{17}}, {"seconds", 0.25}}),
      R"("level":"warn","message":"the disk is nearly full",)"
      R"("folder":"/srv","free_bytes":17,"seconds":0.250)");
}

TEST(LogTextTest, NothingInALineBeginsALineOrEndsAString) {
  const std::string members =
      LogMembers("info", "a\n\"b\\", {{"k\x7f", std::string("\0\r", 2)}});
  EXPECT_EQ(members, R"("level":"info","message":"a\u000a\"b\\",)"
                     R"("k\u007f":"\u0000\u000d")");
}

TEST(LogTextTest, WordsAreForEyes) {
  EXPECT_EQ(LogWords("info", "backed up", {{"bytes", int64_t{3}}}),
            "info  backed up bytes=3");
}

}  // namespace
}  // namespace engram
