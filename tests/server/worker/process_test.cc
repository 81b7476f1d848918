#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/server/worker/fake_server.h"
#include "tests/server/worker/flagship_tree.h"
#include "tests/server/worker/pool_client.h"
#include "tests/server/worker/test_spool.h"
#include "tests/server/worker/worker_process.h"

namespace engram {
namespace {

using testing::MatchesRegex;
using Seen = FakeServer::Seen;

bool HasFinished(const Seen& seen) {
  return !seen.events.empty() && seen.events.back().has_finished();
}

v1::ToWorker AssignFlagship() {
  v1::ToWorker message;
  v1::RunAssignment& assignment = *message.mutable_assignment();
  assignment.mutable_key()->set_attempt("experiments/e/runs/0/attempts/1");
  assignment.set_tree_json(FlagshipTree("stdp_rate"));
  assignment.mutable_record()->set_metrics_every(1);
  v1::RecordOptions::Snapshot& snapshot =
      *assignment.mutable_record()->add_snapshots();
  snapshot.set_path("rule.weights");
  snapshot.add_steps(-1);
  assignment.mutable_resources()->set_cpus(1);
  assignment.mutable_resources()->set_memory_bytes(int64_t{1} << 30);
  return message;
}

// Of many ticks, so that it can be stopped between two of them.
std::string LongTree() {
  const std::string type = R"("type":"sequence_learning",)";
  return absl::StrReplaceAll(FlagshipTree("stdp_rate"),
                             {{type, type + R"("repetitions":200,)"}});
}

v1::ToWorker Quit() {
  v1::ToWorker message;
  message.mutable_quit();
  return message;
}

// A pool that has gone into the background, and the way to it.
class Pool {
 public:
  explicit Pool(const std::string& address)
      : folder_(::testing::TempDir() + "/engram-process-XXXXXX") {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    const WorkerProcess::End started =
        WorkerProcess({"--pool", "--attach", address, "--control", path(),
                       "--log", folder_ + "/log", "--spool",
                       folder_ + "/spool"})
            .Wait();
    EXPECT_EQ(started.code, 0) << started.err;
    server_.emplace(path());
    EXPECT_TRUE(absl::SimpleAtoi(server_->Reply().at(2), &pid_));
  }
  ~Pool() {
    Tell("shutdown");
    while (!server_->Reply().empty()) {
    }
    std::filesystem::remove_all(folder_);
  }

  std::string path() const { return folder_ + "/pool"; }
  int pid() const { return pid_; }
  void Tell(const std::string& line) { server_->Tell(line); }
  void Start(const std::string& id, int64_t memory_bytes) {
    Tell(absl::StrCat("start ", id, " 1 ", memory_bytes, " ",
                      FakeServer::kToken, " ", WorkerPath()));
  }
  std::string Line() { return absl::StrJoin(server_->Reply(), " "); }

 private:
  std::string folder_;
  std::optional<PoolClient> server_;
  int pid_ = 0;
};

TEST(WorkerProcessTest, APooledWorkerExecutesARun) {
  FakeServer server;
  Pool pool(server.address());
  pool.Start("w1", 1 << 30);
  EXPECT_THAT(pool.Line(), MatchesRegex("started w1 [0-9]+"));
  server.Send(AssignFlagship());
  ASSERT_TRUE(server.WaitFor(HasFinished));
  server.Send(Quit());
  EXPECT_THAT(pool.Line(), MatchesRegex("ended w1 exit:0 [0-9]+"));
  const Seen seen = server.seen();
  const v1::Finished& end = seen.events.back().finished();
  EXPECT_EQ(end.state(), v1::RUN_STATE_SUCCEEDED) << end.DebugString();
  EXPECT_FALSE(seen.chunks.empty());
  // The interface that never changes tells the same.
  WorkerProcess once({"--once", "-"});
  once.Tell(FlagshipTree("stdp_rate"));
  const std::vector<std::string> lines = absl::StrSplit(once.Wait().out, '\n');
  EXPECT_EQ(lines.at(1), "result_hash: " + end.result_hash());
  EXPECT_EQ(lines.at(2), "build: " + seen.registrations.at(0).build());
}

// The events of one attempt so far.
std::vector<v1::WorkerEvent> EventsOf(const Seen& seen, const std::string& of) {
  std::vector<v1::WorkerEvent> events;
  for (const v1::WorkerEvent& event : seen.events) {
    if (event.key().attempt() == of) events.push_back(event);
  }
  return events;
}

TEST(WorkerProcessTest, AYieldedRunGoesOnInAnotherProcess) {
  const std::string tree = LongTree();
  const auto assign = [&](const std::string& attempt) {
    v1::ToWorker message = AssignFlagship();
    message.mutable_assignment()->mutable_key()->set_attempt(attempt);
    message.mutable_assignment()->set_tree_json(tree);
    return message;
  };
  v1::SavedState saved;
  FakeServer server;
  {
    WorkerProcess first(
        {"--attach", server.address()},
        {std::string("ENGRAM_WORKER_TOKEN=") + FakeServer::kToken});
    server.Send(assign("1"));
    ASSERT_TRUE(server.WaitFor([](const Seen& seen) {
      return !seen.events.empty() && seen.events.back().has_items();
    }));
    v1::ToWorker stop;
    stop.mutable_stop()->mutable_key()->set_attempt("1");
    stop.mutable_stop()->set_yield(true);
    server.Send(stop);
    ASSERT_TRUE(server.WaitFor(HasFinished));
    server.Send(Quit());
    EXPECT_EQ(first.Wait().code, 0);
    const Seen seen = server.seen();
    ASSERT_EQ(seen.events.back().finished().state(), v1::RUN_STATE_QUEUED);
    saved = seen.events[seen.events.size() - 2].checkpoint().state();
  }
  // Another process, which counts its events anew.
  FakeServer other;
  for (const auto& [digest, bytes] : server.seen().chunks) {
    other.AddChunk(digest, bytes);
  }
  WorkerProcess second(
      {"--attach", other.address()},
      {std::string("ENGRAM_WORKER_TOKEN=") + FakeServer::kToken});
  v1::ToWorker message = assign("2");
  *message.mutable_assignment()->mutable_resume() = saved;
  other.Send(message);
  ASSERT_TRUE(other.WaitFor(HasFinished));
  other.Send(Quit());
  EXPECT_EQ(second.Wait().code, 0);
  const std::vector<v1::WorkerEvent> rest = EventsOf(other.seen(), "2");
  EXPECT_EQ(rest.at(1).items().first_ordinal(), saved.item_count() + 1);
  WorkerProcess once({"--once", "-"});
  once.Tell(tree);
  const std::vector<std::string> lines = absl::StrSplit(once.Wait().out, '\n');
  EXPECT_EQ(lines.at(1),
            "result_hash: " + rest.back().finished().result_hash());
}

TEST(WorkerProcessTest, TheSpoolOfAKilledWorkerGoesWithTheNext) {
  FakeServer server;
  TemporaryFolder folder;
  const std::string spool = folder.path() + "/spool";
  const std::vector<std::string> arguments = {"--attach", server.address(),
                                              "--spool", spool};
  const std::string token =
      std::string("ENGRAM_WORKER_TOKEN=") + FakeServer::kToken;
  const auto registered = [&](size_t count) {
    return server.WaitFor([count](const Seen& seen) {
      return seen.registrations.size() == count;
    });
  };
  const auto entries = [&] {
    const std::filesystem::directory_iterator all(spool);
    return std::distance(begin(all), end(all));
  };
  {
    WorkerProcess killed(arguments, {token});
    ASSERT_TRUE(registered(1));
    EXPECT_EQ(entries(), 1);
    kill(killed.pid(), SIGKILL);
  }
  EXPECT_EQ(entries(), 1) << "nobody was left to remove it";
  WorkerProcess next(arguments, {token});
  ASSERT_TRUE(registered(2));
  EXPECT_EQ(entries(), 1) << "its own";
  server.Send(Quit());
  EXPECT_EQ(next.Wait().code, 0);
  EXPECT_EQ(entries(), 0);
}

TEST(WorkerProcessTest, AFolderThatCannotBeUsedEndsItWith2AndALineOfJson) {
  WorkerProcess worker({"--attach", "unix:/nowhere", "--spool", "/proc/spool"},
                       {"ENGRAM_WORKER_TOKEN=t"});
  const WorkerProcess::End end = worker.Wait();
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.err, testing::StartsWith("{\"time\":\""));
  EXPECT_THAT(end.err, testing::HasSubstr("/proc/spool"));
}

TEST(WorkerProcessTest, ARefusedTokenEndsItWith3) {
  FakeServer server;
  WorkerProcess worker({"--attach", server.address()},
                       {"ENGRAM_WORKER_TOKEN=wrong"});
  EXPECT_EQ(worker.Wait().code, 3);
}

TEST(WorkerProcessTest, ThePoolsEndIsTheWorkersEnd) {
  FakeServer server;
  {
    Pool pool(server.address());
    pool.Start("w1", 0);
    ASSERT_TRUE(server.WaitFor(
        [](const Seen& seen) { return seen.registrations.size() == 1; }));
  }
  const int64_t pid = server.seen().registrations[0].pid();
  EXPECT_EQ(kill(static_cast<pid_t>(pid), 0), -1) << "reaped by the pool";
}

TEST(WorkerProcessTest, APoolHasASessionOfItsOwnAndNoneOfItsStartersFiles) {
  const int ours = open("/dev/null", O_RDONLY);  // inherited by who is started
  FakeServer server;
  Pool pool(server.address());
  EXPECT_NE(getsid(pool.pid()), getsid(0));
  std::vector<std::string> files;
  const std::string folder = absl::StrCat("/proc/", pool.pid(), "/fd");
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const int fd = std::stoi(file.path().filename());
    if (fd > 2) files.push_back(std::filesystem::read_symlink(file.path()));
  }
  // Its log, its listener, its server.
  EXPECT_THAT(files, testing::SizeIs(3)) << absl::StrJoin(files, " ");
  EXPECT_THAT(files, testing::Not(testing::Contains("/dev/null")));
  close(ours);
}

}  // namespace
}  // namespace engram
