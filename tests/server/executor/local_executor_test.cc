#include "server/executor/local_executor.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A helper that keeps to the lines of server/worker/README.md: workers live
// until they are killed, the third is said to have grown too large, the fifth
// takes the helper with it, and the ninth cannot be started.
constexpr char kPool[] =
    "while read verb id rest; do "
    "case $verb$id in "
    "start3) echo started $id 1; echo ended $id memory 4096;; "
    "start5) exit 1;; "
    "start9) echo error start $id: no more processes;; "
    "start*) echo started $id 1;; "
    "kill*) echo ended $id signal:9 1024;; "
    "esac; done";

class LocalExecutorTest : public ::testing::Test {
 protected:
  LocalExecutor::Options Options(int workers) {
    return {.pool_command = {"/bin/sh", "-c", kPool},
            .workers = workers,
            .capacity = {.cpus = 2, .memory_bytes = 1 << 30},
            .pause_us = 0,
            .steady_us = [] { return int64_t{0}; }};
  }

  LocalExecutor::Hooks Hooks() {
    return {.enlist = [this]() -> absl::StatusOr<int64_t> {
              MutexLock lock(mu_);
              ++enlisted_;
              changed_.NotifyAll();
              return enlisted_;
            },
            .ended =
                [this](int64_t worker, const LocalWorkerEnd& end) {
                  MutexLock lock(mu_);
                  ended_.push_back(absl::StrCat(worker, " ", end.status));
                  was_memory_.push_back(end.out_of_memory);
                  changed_.NotifyAll();
                },
            .warn =
                [this](const std::string& text) {
                  MutexLock lock(mu_);
                  warnings_.push_back(text);
                  changed_.NotifyAll();
                }};
  }

  void WaitForEnlisted(int64_t count) {
    MutexLock lock(mu_);
    while (enlisted_ < count) changed_.Wait(mu_);
  }

  Mutex mu_;
  CondVar changed_;
  int64_t enlisted_ = 0;
  std::vector<std::string> ended_;
  std::vector<bool> was_memory_;
  std::vector<std::string> warnings_;
  WorkerTokens tokens_;
};

TEST_F(LocalExecutorTest, KilledWorkerIsReportedAndReplaced) {
  auto executor = LocalExecutor::Open(Options(2), tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  EXPECT_EQ((*executor)->capacity().cpus, 2);
  enlisted_ = 5;  // numbers 6 and 7 come first
  (*executor)->Run(Hooks());
  WaitForEnlisted(7);
  (*executor)->Kill(6);
  WaitForEnlisted(8);
  (*executor)->Stop();
  EXPECT_THAT(ended_, ElementsAre("6 was killed by signal 9",
                                  "7 ended: with its helper",
                                  "8 ended: with its helper"));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(LocalExecutorTest, WorkerThatGrewTooLargeIsSaidToHave) {
  auto executor = LocalExecutor::Open(Options(1), tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  enlisted_ = 2;
  (*executor)->Run(Hooks());
  WaitForEnlisted(4);
  (*executor)->Stop();
  ASSERT_GE(ended_.size(), 1u);
  EXPECT_EQ(ended_[0], "3 was killed for using too much memory");
  EXPECT_TRUE(was_memory_[0]);
}

TEST_F(LocalExecutorTest, HelperThatEndsIsStartedAgainAndItsWorkersAreLost) {
  auto executor = LocalExecutor::Open(Options(2), tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  enlisted_ = 3;
  (*executor)->Run(Hooks());
  WaitForEnlisted(7);
  (*executor)->Stop();
  ASSERT_GE(ended_.size(), 2u);
  EXPECT_EQ(ended_[0], "4 ended: with its helper");
  EXPECT_EQ(ended_[1], "5 ended: with its helper");
  ASSERT_FALSE(warnings_.empty());
  EXPECT_THAT(warnings_[0], HasSubstr("another one is started"));
}

TEST_F(LocalExecutorTest, WorkerThatCannotBeStartedIsReplacedAfterAPause) {
  constexpr int64_t kPauseUs = 1000;
  auto options = Options(1);
  options.pause_us = kPauseUs;
  // Time passes at the second look after the end of the ninth.
  int looks = 0;
  options.steady_us = [&]() -> int64_t {
    MutexLock lock(mu_);
    if (ended_.empty() || ++looks < 2) return 0;
    return kPauseUs;
  };
  auto executor = LocalExecutor::Open(options, tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  enlisted_ = 8;
  auto hooks = Hooks();
  int looks_before_tenth = 0;
  hooks.enlist = [&, enlist = hooks.enlist]() -> absl::StatusOr<int64_t> {
    {
      MutexLock lock(mu_);
      looks_before_tenth = looks;
    }
    return enlist();
  };
  (*executor)->Run(hooks);
  WaitForEnlisted(10);
  (*executor)->Stop();
  EXPECT_THAT(ended_, ElementsAre("9 could not be started",
                                  "10 ended: with its helper"));
  EXPECT_EQ(looks_before_tenth, 2);
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_THAT(warnings_[0], HasSubstr("no more processes"));
}

TEST_F(LocalExecutorTest, TokensEndWithTheirWorkers) {
  auto executor = LocalExecutor::Open(Options(1), tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  const std::string other = tokens_.Make(6);
  enlisted_ = 5;
  (*executor)->Run(Hooks());
  WaitForEnlisted(6);
  (*executor)->Stop();
  EXPECT_EQ(tokens_.Find(other), std::nullopt);
}

TEST_F(LocalExecutorTest, MissingProgramIsNamed) {
  auto options = Options(1);
  options.pool_command = {"/nowhere/engram-worker", "--pool"};
  const auto executor = LocalExecutor::Open(options, tokens_);
  EXPECT_EQ(executor.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(executor.status().message()),
              HasSubstr("/nowhere/engram-worker"));
}

}  // namespace
}  // namespace engram
