#include "server/executor/local_executor.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/executor/kept_builds.h"
#include "tests/server/executor/fake_helper.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Keeps to the lines of server/worker/README.md: workers live until they are
// killed, the third is said to have grown too large, the fifth takes the helper
// with it, and the ninth cannot be started.
FakeHelper::Answer Obey(const std::string& line) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  if (words[0] == "list") return {{"listed"}};
  if (words[0] == "shutdown") return std::nullopt;
  if (words[0] == "kill") {
    return {{absl::StrCat("ended ", words[1], " signal:9 1024")}};
  }
  if (words[0] != "start") return std::vector<std::string>();
  EXPECT_EQ(words.size(), 6u) << line;
  EXPECT_EQ(words.back(), "/opt/worker");
  if (words[1] == "5") return std::nullopt;
  if (words[1] == "9") return {{"error start 9: no more processes"}};
  std::vector<std::string> told = {absl::StrCat("started ", words[1], " 1")};
  if (words[1] == "3") told.push_back("ended 3 memory 4096");
  return told;
}

class LocalExecutorTest : public ::testing::Test {
 protected:
  LocalExecutorTest()
      : folder_(::testing::TempDir() + "/engram-executor-XXXXXX") {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    helper_.emplace(path(), Obey);
  }
  ~LocalExecutorTest() override {
    helper_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string path() const { return folder_ + "/pool"; }

  LocalExecutor::Options Options(int workers) {
    return {.helper = {.words = {"/bin/true"}, .control = path()},
            .program = "/opt/worker",
            .workers = workers,
            .capacity = {.cpus = 2, .memory_bytes = 1 << 30},
            .pause_us = 0,
            .quit_us = 0,
            .steady_us = [] { return int64_t{0}; },
            .warn =
                [this](const std::string& text) {
                  MutexLock lock(mu_);
                  warnings_.push_back(text);
                  changed_.NotifyAll();
                }};
  }

  LocalExecutor::Hooks Hooks() {
    return {
        .enlist = [this](const std::string& digest) -> absl::StatusOr<int64_t> {
          EXPECT_EQ(digest.size(), 64u);
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
            }};
  }

  void WaitForEnlisted(int64_t count) {
    MutexLock lock(mu_);
    while (enlisted_ < count) changed_.Wait(mu_);
  }

  void WaitForEnds(size_t count) {
    MutexLock lock(mu_);
    while (ended_.size() < count) changed_.Wait(mu_);
  }

  void WaitForEnd(const std::string& end) {
    MutexLock lock(mu_);
    while (std::count(ended_.begin(), ended_.end(), end) == 0) {
      changed_.Wait(mu_);
    }
  }

  std::string folder_;
  std::optional<FakeHelper> helper_;
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
  hooks.enlist = [&, enlist = hooks.enlist](
                     const std::string& digest) -> absl::StatusOr<int64_t> {
    {
      MutexLock lock(mu_);
      looks_before_tenth = looks;
    }
    return enlist(digest);
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

TEST_F(LocalExecutorTest, StartsOneWorkerOfEachBuildThatIsWanted) {
  Mutex mu;
  CondVar changed;
  std::vector<std::string> programs;
  helper_.reset();
  helper_.emplace(path(), [&](const std::string& line) -> FakeHelper::Answer {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words[0] == "list") return {{"listed"}};
    if (words[0] == "shutdown") return std::nullopt;
    if (words[0] == "kill") {
      return {{absl::StrCat("ended ", words[1], " exit:0 1024")}};
    }
    if (words[0] != "start") return std::vector<std::string>();
    MutexLock lock(mu);
    programs.push_back(words.back());
    changed.NotifyAll();
    return {{absl::StrCat("started ", words[1], " 1")}};
  });
  const auto wait = [&](size_t count) {
    MutexLock lock(mu);
    while (programs.size() < count) changed.Wait(mu);
  };
  auto builds = KeptBuilds::Open(folder_ + "/builds");
  ASSERT_TRUE(builds.ok()) << builds.status();
  std::ofstream(folder_ + "/old") << "an older worker";
  const auto old = (*builds)->Keep(folder_ + "/old");
  ASSERT_TRUE(old.ok()) << old.status();
  auto executor = LocalExecutor::Open(Options(1), tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  (*executor)->UseBuilds(**builds);
  EXPECT_TRUE((*executor)->HasBuild(old->id));
  EXPECT_FALSE((*executor)->HasBuild("another"));
  (*executor)->Run(Hooks());
  wait(1);
  (*executor)->WantBuilds({old->id, "another"});
  wait(2);
  // It ends while it is wanted: another one comes.
  (*executor)->Kill(2);
  wait(3);
  // It ends and is not wanted any more; then today's ends, which is replaced.
  (*executor)->WantBuilds({});
  (*executor)->Kill(3);
  WaitForEnds(2);
  (*executor)->Kill(1);
  wait(4);
  (*executor)->Stop();
  const std::string kept = folder_ + "/builds/" + old->id;
  EXPECT_THAT(programs, ElementsAre("/opt/worker", kept, kept, "/opt/worker"));
}

TEST_F(LocalExecutorTest, MissingProgramIsNamed) {
  helper_.reset();
  auto options = Options(1);
  options.helper.words = {"/nowhere/engram-worker", "--pool"};
  const auto executor = LocalExecutor::Open(options, tokens_);
  EXPECT_EQ(executor.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(executor.status().message()),
              HasSubstr("/nowhere/engram-worker"));
}

TEST_F(LocalExecutorTest, AProgramThatFailsIsNamedWithItsStatus) {
  helper_.reset();
  auto options = Options(1);
  options.helper.words = {"/bin/false"};
  const auto executor = LocalExecutor::Open(options, tokens_);
  EXPECT_EQ(executor.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(executor.status().message()),
              HasSubstr("ended with status 1"));
}

// What a helper answers that has outlived a server: two workers live, one has
// ended, one ended between the two lines of it.
FakeHelper::Answer ObeyAfterRestart(const std::string& line) {
  if (line != "list") return Obey(line);
  return {{"ended 11 signal:9 1024", "worker 12 100 2 1024 /opt/worker",
           "worker 13 101 2 1024 /opt/the former worker",
           "worker 14 102 2 1024 /opt/worker", "ended 14 exit:4 1024",
           "listed"}};
}

TEST_F(LocalExecutorTest, WorkersThatOutlivedTheServerAreTakenOver) {
  helper_.reset();
  helper_.emplace(path(), ObeyAfterRestart);
  auto executor = LocalExecutor::Open(Options(3), tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  EXPECT_THAT((*executor)->living(), ElementsAre(12, 13));
  EXPECT_THAT((*executor)->lately_ended(), ElementsAre(11, 14));
  enlisted_ = 20;
  (*executor)->Run(Hooks());
  WaitForEnlisted(21);
  (*executor)->Kill(12);
  WaitForEnlisted(22);
  (*executor)->Stop();
  EXPECT_THAT(
      ended_,
      ElementsAre("11 was killed by signal 9", "14 exited with status 4",
                  "12 was killed by signal 9", "13 ended: with its helper",
                  "21 ended: with its helper", "22 ended: with its helper"));
  EXPECT_THAT(helper_->heard(), ElementsAre("heard 11", "heard 14", "kill 12",
                                            "heard 12", "shutdown"));
}

TEST_F(LocalExecutorTest, MoreWorkersThanThereAreToBeAreNotJoinedByOthers) {
  helper_.reset();
  helper_.emplace(path(), ObeyAfterRestart);
  auto executor = LocalExecutor::Open(Options(1), tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  enlisted_ = 20;
  (*executor)->Run(Hooks());
  WaitForEnds(2);
  (*executor)->Kill(12);
  WaitForEnds(3);
  (*executor)->Stop();
  EXPECT_EQ(enlisted_, 20);
}

TEST_F(LocalExecutorTest, AConnectionThatBreaksCostsNoWorker) {
  helper_.reset();
  int lists = 0;
  helper_.emplace(path(), [&](const std::string& line) -> FakeHelper::Answer {
    if (line == "list" && ++lists > 1) {
      return {{"worker 1 100 2 1024 /opt/worker", "listed"}};
    }
    if (line == "kill 2") return std::nullopt;  // hangs up
    return Obey(line);
  });
  auto executor = LocalExecutor::Open(Options(2), tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  (*executor)->Run(Hooks());
  WaitForEnlisted(2);
  (*executor)->Kill(2);
  WaitForEnds(1);
  (*executor)->Kill(1);
  // The one that replaces 2 may end before.
  WaitForEnd("1 was killed by signal 9");
  (*executor)->Stop();
  EXPECT_EQ(ended_[0], "2 ended: with its helper");
}

TEST_F(LocalExecutorTest, AHelperThatSpeaksOtherLinesIsEnded) {
  helper_.reset();
  helper_.emplace(path(), Obey, std::vector<int>{7, 1});
  auto executor = LocalExecutor::Open(Options(1), tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  EXPECT_THAT(helper_->heard(), ElementsAre("shutdown"));
  EXPECT_EQ(helper_->connections(), 2);
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_THAT(warnings_[0], HasSubstr("another version"));
}

TEST_F(LocalExecutorTest, AFreshHelperThatSpeaksOtherLinesIsRefused) {
  helper_.reset();
  helper_.emplace(path(), Obey, std::vector<int>{7});
  const absl::Status status = LocalExecutor::Open(Options(1), tokens_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("install both of one version"));
  EXPECT_EQ(helper_->connections(), 2) << "the old one, and the fresh one";
}

// Each connection breaks at once, as it does when helper and server do not
// understand each other: they meet once a pause, however often that is.
TEST_F(LocalExecutorTest, AConnectionThatBreaksAgainIsTriedAgainAfterAPause) {
  helper_.reset();
  std::atomic<bool> hangs_up = false;
  helper_.emplace(path(), [&](const std::string& line) {
    return hangs_up ? FakeHelper::Answer() : Obey(line);
  });
  auto options = Options(1);
  options.pause_us = 1;  // the clock stands still: for ever
  auto executor = LocalExecutor::Open(options, tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  hangs_up = true;
  (*executor)->Run(Hooks());
  {
    MutexLock lock(mu_);
    while (warnings_.empty()) changed_.Wait(mu_);
  }
  // The next turn finds the connection ended, and rests; to stop is noticed.
  (*executor)->Stop();
  EXPECT_LE(helper_->connections(), 2);
}

TEST_F(LocalExecutorTest, WorkersMayEndByThemselvesBeforeTheHelperIsEnded) {
  helper_.reset();
  helper_.emplace(path(), [](const std::string& line) {
    FakeHelper::Answer answer = Obey(line);
    // It quits, as it was told by whom it is attached to.
    if (absl::StartsWith(line, "start ")) {
      answer->push_back("ended 1 exit:0 1024");
    }
    return answer;
  });
  auto options = Options(1);
  options.quit_us = int64_t{1} << 60;  // the clock stands still: for ever
  options.pause_us = 1;
  auto executor = LocalExecutor::Open(options, tokens_);
  ASSERT_TRUE(executor.ok()) << executor.status();
  (*executor)->Run(Hooks());
  WaitForEnds(1);
  (*executor)->Stop();
  EXPECT_THAT(ended_, ElementsAre("1 exited with status 0"));
  EXPECT_THAT(helper_->heard(), ElementsAre("heard 1", "shutdown"));
}

TEST_F(LocalExecutorTest, AServerThatCannotStartLeavesTheHelperAlone) {
  {
    auto executor = LocalExecutor::Open(Options(1), tokens_);
    ASSERT_TRUE(executor.ok()) << executor.status();
  }
  EXPECT_THAT(helper_->heard(), IsEmpty());
}

}  // namespace
}  // namespace engram
