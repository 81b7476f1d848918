#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/server/worker/fake_server.h"
#include "tests/server/worker/flagship_tree.h"
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

v1::ToWorker Quit() {
  v1::ToWorker message;
  message.mutable_quit();
  return message;
}

TEST(WorkerProcessTest, APooledWorkerExecutesARun) {
  FakeServer server;
  WorkerProcess pool({"--pool", "--attach", server.address()});
  pool.Tell(absl::StrCat("start w1 1 1073741824 ", FakeServer::kToken, "\n"));
  EXPECT_THAT(pool.Line(), MatchesRegex("started w1 [0-9]+"));
  server.Send(AssignFlagship());
  ASSERT_TRUE(server.WaitFor(HasFinished));
  server.Send(Quit());
  EXPECT_THAT(pool.Line(), MatchesRegex("ended w1 exit:0 [0-9]+"));
  EXPECT_EQ(pool.Wait().code, 0);
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

TEST(WorkerProcessTest, ARefusedTokenEndsItWith3) {
  FakeServer server;
  WorkerProcess worker({"--attach", server.address()},
                       {"ENGRAM_WORKER_TOKEN=wrong"});
  EXPECT_EQ(worker.Wait().code, 3);
}

TEST(WorkerProcessTest, ThePoolsEndIsTheWorkersEnd) {
  FakeServer server;
  {
    WorkerProcess pool({"--pool", "--attach", server.address()});
    pool.Tell(absl::StrCat("start w1 1 0 ", FakeServer::kToken, "\n"));
    ASSERT_TRUE(server.WaitFor(
        [](const Seen& seen) { return seen.registrations.size() == 1; }));
    EXPECT_EQ(pool.Wait().code, 0);
  }
  const int64_t pid = server.seen().registrations[0].pid();
  EXPECT_EQ(kill(static_cast<pid_t>(pid), 0), -1) << "reaped by the pool";
}

}  // namespace
}  // namespace engram
