#include "server/worker/pool_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace engram {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PoolCommandTest, ReadsStart) {
  const auto command = ParsePoolCommand(
      "start w3 2 4000000000 engram_ab12 /data of ada/builds/1");
  ASSERT_TRUE(command.ok()) << command.status();
  const StartCommand& start = std::get<StartCommand>(*command);
  EXPECT_EQ(start.id, "w3");
  EXPECT_EQ(start.cpus, 2);
  EXPECT_EQ(start.memory_bytes, 4000000000);
  EXPECT_EQ(start.token, "engram_ab12");
  EXPECT_EQ(start.program, "/data of ada/builds/1");
}

TEST(PoolCommandTest, ReadsKill) {
  const auto command = ParsePoolCommand("kill w3");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(std::get<KillCommand>(*command).id, "w3");
}

TEST(PoolCommandTest, ReadsWhatAServerSaysBesides) {
  EXPECT_TRUE(std::holds_alternative<ListCommand>(*ParsePoolCommand("list")));
  EXPECT_TRUE(
      std::holds_alternative<ShutdownCommand>(*ParsePoolCommand("shutdown")));
  EXPECT_EQ(std::get<HeardCommand>(*ParsePoolCommand("heard w3")).id, "w3");
}

class BadPoolCommandTest : public testing::TestWithParam<const char*> {};

TEST_P(BadPoolCommandTest, IsRefusedWithoutRepeatingWhatMayBeAToken) {
  const auto command = ParsePoolCommand(GetParam());
  EXPECT_EQ(command.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(command.status().message()),
              Not(HasSubstr("secret")));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, BadPoolCommandTest,
    testing::Values("", "stop w3", "start", "start w3 2 1000",
                    "start w3 0 1000 secret /w", "start w3 two 1000 secret /w",
                    "start w3 1 -5 secret /w", "start  1 0 secret /w",
                    "start w3 1 0 secret", "start w3 1 0 secret ",
                    "start w3 1 0 secret w", "start w3 1 0  /w", "kill",
                    "kill ", "kill w3 w4", "heard", "list all", "shutdown now",
                    "secret"));

}  // namespace
}  // namespace engram
