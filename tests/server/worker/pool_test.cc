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
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/worker/pool_control.h"
#include "tests/server/worker/pool_client.h"

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
  explicit RunningPool(const std::string& script, PoolOptions options = Calm())
      : folder_(::testing::TempDir() + "/engram-pool-XXXXXX") {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    const auto listener = ListenForServer(path());
    EXPECT_TRUE(listener.ok()) << listener.status();
    const auto [said_read, said_write] = Pipe();
    pid_ = fork();
    if (pid_ == 0) {
      close(said_read);
      dup2(said_write, STDERR_FILENO);
      options.arguments = {"worker", "-c", script, "worker"};
      options.control = path();
      options.listener = *listener;
      _exit(RunPool(options).ok() ? 0 : 1);
    }
    close(said_write);
    close(*listener);
    said_ = said_read;
    server_ = Connect();
  }

  ~RunningPool() {
    if (pid_ > 0) Kill();
    close(said_);
    std::filesystem::remove_all(folder_);
  }

  // Nothing is too large for it.
  static PoolOptions Calm() {
    PoolOptions options;
    options.slack_bytes = int64_t{1} << 40;
    return options;
  }

  std::string path() const { return folder_ + "/pool"; }
  pid_t pid() const { return pid_; }
  // The first connection.
  PoolClient& server() { return *server_; }
  // Another one, once it was greeted: it has taken the place of the one before.
  PoolClient Connect() const {
    PoolClient client(path());
    EXPECT_THAT(client.Reply(), ElementsAre("pool", absl::StrCat(kPoolProtocol),
                                            absl::StrCat(pid_)));
    return client;
  }

  void Start(const std::string& id, int cpus = 1, int64_t memory = 0,
             const std::string& token = "token") {
    Tell(absl::StrCat("start ", id, " ", cpus, " ", memory, " ", token,
                      " /bin/sh"));
  }
  void Tell(const std::string& line) { server_->Tell(line); }
  std::vector<std::string> Reply() { return server_->Reply(); }
  // The next line of a worker.
  std::vector<std::string> Said() const {
    std::string line;
    char c;
    while (read(said_, &c, 1) == 1 && c != '\n') line.push_back(c);
    return absl::StrSplit(line, ' ');
  }

  // Ends the pool as its server does; its exit status.
  int End() {
    Tell("shutdown");
    return Wait();
  }
  int Kill() {
    kill(pid_, SIGKILL);
    return Wait();
  }
  int Wait() {
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return status;
  }

 private:
  static std::pair<int, int> Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    return {ends[0], ends[1]};
  }

  std::string folder_;
  pid_t pid_ = -1;
  std::optional<PoolClient> server_;
  int said_ = -1;
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
  pool.Start("w1");
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
  pool.Start("w1", 2, 5000, "secret_of_w1");
  EXPECT_THAT(pool.Said(), ElementsAre("--cpus", "2", "--memory", "5000",
                                       "--token-fd", "3"));
  EXPECT_THAT(pool.Said(), ElementsAre("secret_of_w1"));
}

TEST(PoolTest, KillTakesDownTheWholeGroup) {
  RunningPool pool(kFamily);
  pool.Start("w1");
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
  pool.Start("w1");
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

TEST(PoolTest, ShutdownEndsItAndItsWorkers) {
  RunningPool pool(kFamily);
  pool.Start("w1");
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
  pool.Start("w1");
  const Watched worker(pool.Said().at(1));
  EXPECT_TRUE(WIFSIGNALED(pool.Kill()));
  EXPECT_TRUE(worker.EndsWithinSeconds(10));
}

TEST(PoolTest, ManyWorkersEndOneByOne) {
  RunningPool pool("read line <&3; exit \"$2\"");
  for (int i = 1; i <= 20; ++i) {
    pool.Start(absl::StrCat("w", i), i);
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
  pool.Start("w1");
  EXPECT_EQ(pool.Reply().at(0), "started");
  pool.Start("w1");
  EXPECT_EQ(pool.Reply().at(0), "error");
  pool.Tell("nonsense");
  EXPECT_EQ(pool.Reply().at(0), "error");
  pool.Tell("kill w9");
  pool.Tell("kill w1");
  EXPECT_EQ(pool.Reply().at(0), "ended");
  pool.Start("w1");
  EXPECT_EQ(pool.Reply().at(0), "started");
}

TEST(PoolTest, AProgramThatIsNotThereEndsWith127) {
  RunningPool pool("exec /no/such/program");
  pool.Start("w1");
  EXPECT_EQ(pool.Reply().at(0), "started");
  EXPECT_EQ(pool.Reply().at(2), "exit:127");
}

TEST(PoolTest, KillsAWorkerThatIsTooLarge) {
  PoolOptions options;
  options.slack_bytes = 0;
  RunningPool pool(kSleep, options);
  pool.Start("w1", 1, 4096);
  EXPECT_EQ(pool.Reply().at(0), "started");
  EXPECT_EQ(pool.Reply().at(2), "memory");
}

TEST(PoolTest, ALineWithoutEndEndsTheConnectionAlone) {
  RunningPool pool(kSleep);
  pool.Start("w1");
  EXPECT_EQ(pool.Reply().at(0), "started");
  pool.Tell(std::string(20000, 'x'));
  EXPECT_EQ(pool.Reply().at(0), "error");
  EXPECT_EQ(pool.Reply(), std::vector<std::string>());
  PoolClient next = pool.Connect();
  next.Tell("list");
  EXPECT_EQ(next.Reply().at(0), "worker");
}

TEST(PoolTest, WorkersOutliveTheServerAndTheNextOneFindsThem) {
  RunningPool pool(kSleep);
  pool.Start("w1", 2, 0);
  const std::string pid = pool.Reply().at(2);
  const Watched worker(pool.Said().at(1));
  pool.server().Close();
  PoolClient next = pool.Connect();
  next.Tell("list");
  EXPECT_THAT(next.Reply(),
              ElementsAre("worker", "w1", pid, "2", "0", "/bin/sh"));
  EXPECT_THAT(next.Reply(), ElementsAre("listed"));
  EXPECT_FALSE(worker.EndsWithinSeconds(0));
}

TEST(PoolTest, AnEndIsToldUntilItWasHeard) {
  RunningPool pool("exit 3");
  pool.Start("w1");
  EXPECT_EQ(pool.server().ReplyThat("ended").at(1), "w1");
  PoolClient second = pool.Connect();
  second.Tell("list");
  const std::vector<std::string> told = second.Reply();
  ASSERT_EQ(told.size(), 4u);
  EXPECT_EQ(told[1] + " " + told[2], "w1 exit:3");
  EXPECT_THAT(second.Reply(), ElementsAre("listed"));
  second.Tell("heard w1");
  second.Tell("list");
  EXPECT_THAT(second.Reply(), ElementsAre("listed"));
}

TEST(PoolTest, ANewerServerTakesThePlaceOfTheOlder) {
  RunningPool pool(kSleep);
  PoolClient newer = pool.Connect();
  EXPECT_EQ(pool.Reply(), std::vector<std::string>()) << "the older has ended";
  newer.Tell("list");
  EXPECT_THAT(newer.Reply(), ElementsAre("listed"));
}

TEST(PoolTest, AloneForTooLongItEndsItsWorkersAndItself) {
  PoolOptions options = RunningPool::Calm();
  options.alone_ms = 50;
  RunningPool pool(kSleep, options);
  pool.Start("w1");
  const Watched worker(pool.Said().at(1));
  pool.server().Close();
  EXPECT_EQ(pool.Wait(), 0);
  EXPECT_TRUE(worker.EndsWithinSeconds(10));
  EXPECT_FALSE(std::filesystem::exists(pool.path()));
}

TEST(PoolTest, WithNothingToKeepItIsAloneForAMomentOnly) {
  PoolOptions options = RunningPool::Calm();
  options.idle_alone_ms = 50;
  RunningPool pool(kSleep, options);
  pool.Start("w1");
  EXPECT_EQ(pool.Reply().at(0), "started");
  pool.Tell("kill w1");
  EXPECT_EQ(pool.Reply().at(0), "ended");
  pool.Tell("heard w1");
  pool.server().Close();
  EXPECT_EQ(pool.Wait(), 0);
}

TEST(PoolTest, ALogThatGrowsTooLargeBeginsAnew) {
  const std::string path = ::testing::TempDir() + "/engram-pool-log";
  const int log =
      open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
  ASSERT_EQ(write(log, "complaints", 10), 10);
  PoolOptions options = RunningPool::Calm();
  options.log_fd = log;
  options.most_log_bytes = 9;
  RunningPool pool(kSleep, options);
  pool.Tell("list");
  pool.Reply();
  EXPECT_EQ(std::filesystem::file_size(path), 0u);
  close(log);
  std::filesystem::remove(path);
}

TEST(PoolTest, AnotherUsersConnectionIsClosedUnheard) {
  if (geteuid() != 0) GTEST_SKIP() << "only root becomes somebody else";
  RunningPool pool(kSleep);
  // As if file modes did not keep him out.
  std::filesystem::permissions(std::filesystem::path(pool.path()).parent_path(),
                               std::filesystem::perms::all);
  std::filesystem::permissions(pool.path(), std::filesystem::perms::all);
  const pid_t nobody = fork();
  if (nobody == 0) {
    if (setuid(65534) != 0) _exit(2);
    PoolClient client(pool.path());
    _exit(client.Reply().empty() ? 0 : 1);
  }
  int status = 0;
  waitpid(nobody, &status, 0);
  EXPECT_EQ(status, 0);
  pool.Tell("list");
  EXPECT_THAT(pool.Reply(), ElementsAre("listed"));
}

TEST(ListenForServerTest, ReplacesWhatAKilledPoolLeftAndNoLivingOne) {
  std::string path;
  {
    RunningPool pool(kSleep);
    path = pool.path();
    EXPECT_EQ(ListenForServer(path).status().code(),
              absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(std::filesystem::status(path).permissions(),
              std::filesystem::perms::owner_read |
                  std::filesystem::perms::owner_write);
    pool.Kill();
    EXPECT_TRUE(std::filesystem::exists(path));
    const auto listener = ListenForServer(path);
    ASSERT_TRUE(listener.ok()) << listener.status();
    close(*listener);
  }
  const auto too_long = ListenForServer("/" + std::string(120, 'x'));
  EXPECT_EQ(too_long.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(too_long.status().message()), HasSubstr("121 bytes"));
}

}  // namespace
}  // namespace engram
