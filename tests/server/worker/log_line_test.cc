#include "server/worker/log_line.h"

#include <gtest/gtest.h>

namespace engram {
namespace {

TEST(LogLineTest, IsOneLineOfJsonAsTheServersAre) {
  EXPECT_EQ(LogLine("error", "no server", {{"pid", "12"}},
                    absl::FromUnixMicros(1'700'000'000'250'000)),
            "{\"time\":\"2023-11-14T22:13:20.250000Z\",\"level\":\"error\","
            "\"message\":\"no server\",\"pid\":\"12\"}\n");
}

TEST(LogLineTest, NothingInAMessageBeginsALine) {
  const std::string line = LogLine("info", "a\n\"b\\", {}, absl::UnixEpoch());
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_NE(line.find(R"("a\u000a\"b\\")"), std::string::npos) << line;
}

}  // namespace
}  // namespace engram
