#include "server/worker/pool.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace engram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

int PidfdOpen(int pid) {
  return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

// A pool in a process of its own, whose workers are shells that run a script.
// Their stderr comes back on a pipe: what a fake worker says.
class RunningPool {
 public:
  explicit RunningPool(const std::string& script,
                       int64_t slack_bytes = int64_t{1} << 40) {
    const auto [command_read, command_write] = Pipe();
    const auto [reply_read, reply_write] = Pipe();
    const auto [said_read, said_write] = Pipe();
    pid_ = fork();
    if (pid_ == 0) {
      for (const int fd : {command_write, reply_read, said_read}) close(fd);
      dup2(said_write, STDERR_FILENO);
      PoolOptions options{.program = "/bin/sh",
                          .arguments = {"worker", "-c", script, "worker"},
                          .in_fd = command_read,
                          .out_fd = reply_write,
                          .slack_bytes = slack_bytes};
      _exit(RunPool(options).ok() ? 0 : 1);
    }
    for (const int fd : {command_read, reply_write, said_write}) close(fd);
    commands_ = command_write;
    replies_ = reply_read;
    said_ = said_read;
  }

  ~RunningPool() {
    if (commands_ >= 0) End();
    close(replies_);
    close(said_);
  }

  void Tell(const std::string& line) const {
    const std::string text = line + "\n";
    ASSERT_EQ(write(commands_, text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  // The next line of the pool, as fields; none at its end.
  std::vector<std::string> Reply() const { return Fields(replies_); }
  // The next line of a worker.
  std::vector<std::string> Said() const { return Fields(said_); }

  // Ends the pool as its parent does; its exit status.
  int End() {
    close(std::exchange(commands_, -1));
    return Wait();
  }
  int Kill() {
    kill(pid_, SIGKILL);
    close(std::exchange(commands_, -1));
    return Wait();
  }

 private:
  static std::pair<int, int> Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    return {ends[0], ends[1]};
  }
  static std::vector<std::string> Fields(int fd) {
    std::string line;
    char c;
    while (read(fd, &c, 1) == 1 && c != '\n') line.push_back(c);
    return line.empty() ? std::vector<std::string>()
                        : std::vector<std::string>(absl::StrSplit(line, ' '));
  }
  int Wait() const {
    int status = 0;
    waitpid(pid_, &status, 0);
    return status;
  }

  pid_t pid_ = -1;
  int commands_ = -1, replies_ = -1, said_ = -1;
};

// Watches a process that is nobody's child here.
class Watched {
 public:
  explicit Watched(const std::string& pid) {
    int number = 0;
    EXPECT_TRUE(absl::SimpleAtoi(pid, &number));
    pidfd_ = PidfdOpen(number);
    EXPECT_GE(pidfd_, 0) << "pid " << pid << " is not there";
  }
  ~Watched() { close(pidfd_); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  bool EndsWithinSeconds(int seconds) const {
    pollfd fd{pidfd_, POLLIN, 0};
    return poll(&fd, 1, seconds * 1000) == 1;
  }

 private:
  int pidfd_;
};

// Waits for ever without using a processor.
const char kSleep[] = "echo up $$ >&2; exec sleep 1000";
// A leader with a grandchild in its group.
const char kFamily[] =
    "sleep 1000 & echo child $! >&2; echo leader $$ >&2; wait";

TEST(PoolTest, SaysWhatStartedAndHowItEnded) {
  RunningPool pool("exit 3");
  pool.Tell("start w1 1 0 token");
  const std::vector<std::string> started = pool.Reply();
  ASSERT_EQ(started.size(), 3u);
  EXPECT_THAT(started, ElementsAre("started", "w1", Not("0")));
  const std::vector<std::string> ended = pool.Reply();
  ASSERT_EQ(ended.size(), 4u);
  EXPECT_EQ(ended[1], "w1");
  EXPECT_EQ(ended[2], "exit:3");
  int64_t peak = 0;
  EXPECT_TRUE(absl::SimpleAtoi(ended[3], &peak));
  EXPECT_GT(peak, 1 << 17);
  EXPECT_EQ(pool.End(), 0);
}

TEST(PoolTest, HandsOverResourcesAndTheTokenOnADescriptor) {
  RunningPool pool("echo \"$@\" >&2; cat <&3 >&2; echo >&2; exit 0");
  pool.Tell("start w1 2 5000 secret_of_w1");
  EXPECT_THAT(pool.Said(), ElementsAre("--cpus", "2", "--memory", "5000",
                                       "--token-fd", "3"));
  EXPECT_THAT(pool.Said(), ElementsAre("secret_of_w1"));
}

TEST(PoolTest, KillTakesDownTheWholeGroup) {
  RunningPool pool(kFamily);
  pool.Tell("start w1 1 0 token");
  pool.Reply();
  const Watched grandchild(pool.Said().at(1));
  const Watched leader(pool.Said().at(1));
  pool.Tell("kill w1");
  const std::vector<std::string> ended = pool.Reply();
  ASSERT_EQ(ended.size(), 4u);
  EXPECT_EQ(ended[2], "signal:9");
  EXPECT_TRUE(leader.EndsWithinSeconds(10));
  EXPECT_TRUE(grandchild.EndsWithinSeconds(10));
}

TEST(PoolTest, WhatALeaderLeavesBehindIsKilled) {
  RunningPool pool("sleep 1000 & echo child $! >&2; read line <&3; exit 0");
  pool.Tell("start w1 1 0 token");
  pool.Reply();
  const std::string pid = pool.Said().at(1);
  EXPECT_EQ(pool.Reply().at(2), "exit:0");
  // Gone already, or about to be.
  int number = 0;
  ASSERT_TRUE(absl::SimpleAtoi(pid, &number));
  const int pidfd = PidfdOpen(number);
  if (pidfd >= 0) {
    pollfd fd{pidfd, POLLIN, 0};
    EXPECT_EQ(poll(&fd, 1, 10000), 1);
    close(pidfd);
  }
}

TEST(PoolTest, TheEndOfItsInputEndsItAndItsWorkers) {
  RunningPool pool(kFamily);
  pool.Tell("start w1 1 0 token");
  const Watched grandchild(pool.Said().at(1));
  const Watched leader(pool.Said().at(1));
  EXPECT_EQ(pool.Reply().at(0), "started");
  EXPECT_EQ(pool.End(), 0);
  EXPECT_EQ(pool.Reply().at(2), "signal:9");
  EXPECT_TRUE(leader.EndsWithinSeconds(10));
  EXPECT_TRUE(grandchild.EndsWithinSeconds(10));
}

TEST(PoolTest, AKilledPoolLeavesNoWorker) {
  RunningPool pool(kSleep);
  pool.Tell("start w1 1 0 token");
  const Watched worker(pool.Said().at(1));
  EXPECT_TRUE(WIFSIGNALED(pool.Kill()));
  EXPECT_TRUE(worker.EndsWithinSeconds(10));
}

TEST(PoolTest, ManyWorkersEndOneByOne) {
  RunningPool pool("read line <&3; exit \"$2\"");
  for (int i = 1; i <= 20; ++i) {
    pool.Tell(absl::StrCat("start w", i, " ", i, " 0 token"));
  }
  std::vector<std::string> ended;
  for (int i = 0; i < 40; ++i) {
    const std::vector<std::string> reply = pool.Reply();
    ASSERT_GE(reply.size(), 3u);
    if (reply[0] == "ended") ended.push_back(reply[1] + " " + reply[2]);
  }
  std::vector<std::string> wanted;
  for (int i = 1; i <= 20; ++i) {
    wanted.push_back(absl::StrCat("w", i, " exit:", i));
  }
  EXPECT_THAT(ended, testing::UnorderedElementsAreArray(wanted));
}

TEST(PoolTest, RefusesAnIdInUseAndGoesOn) {
  RunningPool pool(kSleep);
  pool.Tell("start w1 1 0 token");
  EXPECT_EQ(pool.Reply().at(0), "started");
  pool.Tell("start w1 1 0 token");
  EXPECT_EQ(pool.Reply().at(0), "error");
  pool.Tell("nonsense");
  EXPECT_EQ(pool.Reply().at(0), "error");
  pool.Tell("kill w9");
  pool.Tell("kill w1");
  EXPECT_EQ(pool.Reply().at(0), "ended");
  pool.Tell("start w1 1 0 token");
  EXPECT_EQ(pool.Reply().at(0), "started");
}

TEST(PoolTest, AProgramThatIsNotThereEndsWith127) {
  RunningPool pool("exec /no/such/program");
  pool.Tell("start w1 1 0 token");
  EXPECT_EQ(pool.Reply().at(0), "started");
  EXPECT_EQ(pool.Reply().at(2), "exit:127");
}

TEST(PoolTest, KillsAWorkerThatIsTooLarge) {
  RunningPool pool(kSleep, /*slack_bytes=*/0);
  pool.Tell("start w1 1 4096 token");
  EXPECT_EQ(pool.Reply().at(0), "started");
  EXPECT_EQ(pool.Reply().at(2), "memory");
}

TEST(PoolTest, ALineWithoutEndEndsIt) {
  RunningPool pool(kSleep);
  pool.Tell(std::string(20000, 'x'));
  EXPECT_EQ(pool.Reply().at(0), "error");
}

}  // namespace
}  // namespace engram
