#include "server/worker/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <semaphore>
#include <thread>

#include "tests/server/worker/fake_server.h"
#include "tests/server/worker/fake_simulation.h"
#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Seen = FakeServer::Seen;

v1::ToWorker Assign(const std::string& attempt) {
  v1::ToWorker message;
  message.mutable_assignment()->mutable_key()->set_attempt(attempt);
  message.mutable_assignment()->mutable_key()->set_fencing_token(1);
  message.mutable_assignment()->mutable_resources()->set_cpus(1);
  return message;
}

v1::ToWorker Stop(const std::string& attempt) {
  v1::ToWorker message;
  message.mutable_stop()->mutable_key()->set_attempt(attempt);
  message.mutable_stop()->mutable_key()->set_fencing_token(1);
  return message;
}

v1::ToWorker Yield(const std::string& attempt) {
  v1::ToWorker message = Stop(attempt);
  message.mutable_stop()->set_yield(true);
  return message;
}

v1::ToWorker Quit() {
  v1::ToWorker message;
  message.mutable_quit();
  return message;
}

// Waits until so many attempts have ended.
auto Ends(int count) {
  return [count](const Seen& seen) {
    return std::ranges::count_if(seen.events, [](const auto& event) {
             return event.has_finished();
           }) >= count;
  };
}

v1::Finished EndOf(const Seen& seen, const std::string& attempt) {
  for (const v1::WorkerEvent& event : seen.events) {
    if (event.has_finished() && event.key().attempt() == attempt) {
      return event.finished();
    }
  }
  ADD_FAILURE() << attempt << " has not ended";
  return {};
}

class WorkerTest : public testing::Test {
 protected:
  // A worker whose runs have three ticks, each of which waits until the test
  // lets it pass; runs named free do not wait.
  void Start() {
    const WorkerOptions options{.address = server_.address(),
                                .token = token_,
                                .cpus = 2,
                                .memory_bytes = 1000,
                                .build = "abc",
                                .spool_folder = folder_.path(),
                                .timing = timing_,
                                .cadence = cadence_};
    ended_ = std::async(std::launch::async, [this, options] {
      return RunWorker(options,
                       [this](const v1::RunAssignment& assignment,
                              engram::Context) { return Make(assignment); });
    });
  }

  absl::StatusOr<std::unique_ptr<Simulation>> Make(
      const v1::RunAssignment& assignment) {
    if (assignment.key().attempt() == "array") {
      return std::make_unique<ArraySimulation>();
    }
    const bool is_free = assignment.key().attempt().starts_with("free");
    return std::make_unique<FakeSimulation>(3, [this, is_free](int64_t) {
      if (!is_free) {
        ticking_.release();
        pass_.acquire();
      }
      return absl::OkStatus();
    });
  }

  // Lets the run that waits go to its end.
  void LetPass() { pass_.release(1000); }

  absl::Status QuitAndWait() {
    server_.Send(Quit());
    return ended_.get();
  }

  FakeServer server_;
  TemporaryFolder folder_;
  Cadence::Timing cadence_;
  std::string token_ = FakeServer::kToken;
  Link::Timing timing_{.heartbeat = 20ms,
                       .first_wait = 1ms,
                       .longest_wait = 10ms,
                       .give_up = 20000ms};
  std::counting_semaphore<> ticking_{0}, pass_{0};
  std::future<absl::Status> ended_;
};

TEST_F(WorkerTest, RegistersAndQuits) {
  Start();
  ASSERT_TRUE(QuitAndWait().ok());
  ASSERT_TRUE(server_.WaitFor(
      [](const Seen& seen) { return seen.streams_ended_by_worker == 1; }));
  const v1::Registration registration = server_.seen().registrations.at(0);
  EXPECT_EQ(registration.protocol_version(), 1);
  EXPECT_EQ(registration.build(), "abc");
  EXPECT_EQ(registration.cpus(), 2);
  EXPECT_EQ(registration.memory_bytes(), 1000);
  EXPECT_EQ(registration.pid(), getpid());
  EXPECT_NE(registration.host(), "");
  EXPECT_EQ(registration.held_size(), 0);
}

TEST_F(WorkerTest, ExecutesWhatItIsGivenInOrder) {
  Start();
  for (const char* attempt : {"free/1", "free/2"}) {
    server_.Send(Assign(attempt));
  }
  ASSERT_TRUE(server_.WaitFor(Ends(2)));
  ASSERT_TRUE(QuitAndWait().ok());
  std::vector<std::string> story;
  for (const v1::WorkerEvent& event : server_.seen().events) {
    const std::string what = event.has_begun()        ? "begun"
                             : event.has_items()      ? "items"
                             : event.has_checkpoint() ? "checkpoint"
                                                      : "finished";
    const std::string line = event.key().attempt() + " " + what;
    if (story.empty() || story.back() != line) story.push_back(line);
  }
  EXPECT_THAT(story,
              ElementsAre("free/1 begun", "free/1 items", "free/1 checkpoint",
                          "free/1 finished", "free/2 begun", "free/2 items",
                          "free/2 checkpoint", "free/2 finished"));
}

TEST_F(WorkerTest, ArraysAreKeptBeforeTheyAreNamed) {
  Start();
  server_.Send(Assign("array"));
  ASSERT_TRUE(server_.WaitFor(Ends(1)));
  ASSERT_TRUE(QuitAndWait().ok());
  const Seen seen = server_.seen();
  EXPECT_EQ(EndOf(seen, "array").state(), v1::RUN_STATE_SUCCEEDED);
  const v1::ArrayItem& item = seen.events.at(1).items().items(0).array();
  ASSERT_EQ(item.manifest().chunks_size(), 2);
  for (const std::string& digest : item.manifest().chunks()) {
    EXPECT_TRUE(seen.chunks.contains(digest));
  }
}

TEST_F(WorkerTest, AVerificationWritesNoChunk) {
  Start();
  v1::ToWorker message = Assign("array");
  message.mutable_assignment()->set_verify(true);
  server_.Send(message);
  ASSERT_TRUE(server_.WaitFor(Ends(1)));
  ASSERT_TRUE(QuitAndWait().ok());
  EXPECT_TRUE(server_.seen().chunks.empty());
  EXPECT_EQ(server_.seen().events.at(1).items().items_size(), 1);
}

TEST_F(WorkerTest, StopEndsTheRunningAndTheHeldOne) {
  Start();
  server_.Send(Assign("slow"));
  server_.Send(Assign("held"));
  ticking_.acquire();
  server_.Send(Stop("nobody"));
  server_.Send(Stop("slow"));
  server_.Send(Stop("held"));
  ASSERT_TRUE(server_.WaitFor(Ends(1))) << "at once, not behind the slow one";
  EXPECT_EQ(EndOf(server_.seen(), "held").state(), v1::RUN_STATE_CANCELLED);
  LetPass();
  ASSERT_TRUE(server_.WaitFor(Ends(2)));
  EXPECT_EQ(EndOf(server_.seen(), "slow").state(), v1::RUN_STATE_CANCELLED);
  EXPECT_TRUE(QuitAndWait().ok());
}

TEST_F(WorkerTest, YieldsTheRunningAndTheHeldOne) {
  Start();
  server_.Send(Assign("slow"));
  server_.Send(Assign("held"));
  ticking_.acquire();
  server_.Send(Yield("held"));
  server_.Send(Yield("slow"));
  ASSERT_TRUE(server_.WaitFor(Ends(1)));
  EXPECT_EQ(EndOf(server_.seen(), "held").state(), v1::RUN_STATE_QUEUED);
  LetPass();
  ASSERT_TRUE(server_.WaitFor(Ends(2)));
  const Seen seen = server_.seen();
  EXPECT_EQ(EndOf(seen, "slow").state(), v1::RUN_STATE_QUEUED);
  const v1::WorkerEvent& before_end = seen.events[seen.events.size() - 2];
  ASSERT_TRUE(before_end.has_checkpoint());
  EXPECT_EQ(before_end.key().attempt(), "slow");
  EXPECT_TRUE(seen.chunks.contains(
      before_end.checkpoint().state().manifest().chunks(0)));
  EXPECT_TRUE(QuitAndWait().ok());
}

TEST_F(WorkerTest, GoesOnFromAStateOfTheServers) {
  Start();
  server_.Send(Assign("slow"));
  server_.Send(Assign("held"));
  ticking_.acquire();
  server_.Send(Yield("slow"));
  // Answered at once, and after the other one was heard.
  server_.Send(Yield("held"));
  ASSERT_TRUE(server_.WaitFor(Ends(1)));
  pass_.release(1);
  ASSERT_TRUE(server_.WaitFor(Ends(2)));
  const Seen first = server_.seen();
  const v1::WorkerEvent& saved = first.events[first.events.size() - 2];
  ASSERT_EQ(saved.checkpoint().state().tick(), 1);
  v1::ToWorker message = Assign("free/2");
  *message.mutable_assignment()->mutable_resume() = saved.checkpoint().state();
  server_.Send(message);
  ASSERT_TRUE(server_.WaitFor(Ends(3)));
  ASSERT_TRUE(QuitAndWait().ok());
  const Seen seen = server_.seen();
  EXPECT_EQ(EndOf(seen, "free/2").state(), v1::RUN_STATE_SUCCEEDED);
  for (const v1::WorkerEvent& event : seen.events) {
    if (event.key().attempt() == "free/2" && event.has_items()) {
      EXPECT_GE(event.items().first_ordinal(), 2);
    }
  }
}

TEST_F(WorkerTest, RunsGoOnWhileTheServerTakesNoChunks) {
  server_.FailWrites(1000000, /*UNAVAILABLE*/ 14);
  Start();
  server_.Send(Assign("array"));
  server_.Send(Assign("slow"));
  ticking_.acquire();  // it has begun, though nothing of the first is stored
  EXPECT_TRUE(server_.seen().chunks.empty());
  EXPECT_TRUE(
      server_.WaitFor([](const Seen& seen) { return seen.writes > 2; }));
  server_.FailWrites(0, 0);
  LetPass();
  ASSERT_TRUE(server_.WaitFor(Ends(2)));
  EXPECT_EQ(EndOf(server_.seen(), "array").state(), v1::RUN_STATE_SUCCEEDED);
  ASSERT_TRUE(QuitAndWait().ok());
}

TEST_F(WorkerTest, QuitHandsBackWhatIsHeldAndFinishesTheRest) {
  Start();
  server_.Send(Assign("slow"));
  server_.Send(Assign("held"));
  ticking_.acquire();
  server_.Send(Quit());
  ASSERT_TRUE(server_.WaitFor(
      [](const Seen& seen) { return seen.returned.size() == 1; }));
  EXPECT_EQ(server_.seen().returned[0].attempt(), "held");
  server_.Send(Assign("late"));
  ASSERT_TRUE(server_.WaitFor(
      [](const Seen& seen) { return seen.returned.size() == 2; }));
  LetPass();
  EXPECT_TRUE(ended_.get().ok());
  EXPECT_EQ(EndOf(server_.seen(), "slow").state(), v1::RUN_STATE_SUCCEEDED);
}

TEST_F(WorkerTest, AfterABreakItSendsAgainWhatWasNotStored) {
  Start();
  server_.Send(Assign("free/1"));
  ASSERT_TRUE(server_.WaitFor(Ends(1)));
  server_.Acknowledge(false);
  server_.Send(Assign("free/2"));
  server_.Send(Assign("slow"));
  ticking_.acquire();
  const size_t stored = server_.seen().events.size();
  server_.Acknowledge(true);
  server_.Break();
  LetPass();
  ASSERT_TRUE(server_.WaitFor(Ends(3)));
  ASSERT_TRUE(QuitAndWait().ok());
  const Seen seen = server_.seen();
  EXPECT_GT(seen.events.size(), stored);
  for (size_t i = 0; i < seen.events.size(); ++i) {
    EXPECT_EQ(seen.events[i].number(), static_cast<int64_t>(i) + 1);
  }
  ASSERT_EQ(seen.registrations.size(), 2u);
  std::vector<std::string> held;
  for (const v1::AttemptKey& key : seen.registrations[1].held()) {
    held.push_back(key.attempt());
  }
  EXPECT_THAT(held, ElementsAre("free/2", "slow"));
}

TEST_F(WorkerTest, BeatsWhileARunComputesOneLongTick) {
  Start();
  server_.Send(Assign("slow"));
  ticking_.acquire();
  EXPECT_TRUE(
      server_.WaitFor([](const Seen& seen) { return seen.heartbeats >= 3; }));
  LetPass();
  EXPECT_TRUE(server_.WaitFor(Ends(1)));
  EXPECT_TRUE(QuitAndWait().ok());
}

TEST_F(WorkerTest, EndsWhenItsTokenIsRefused) {
  token_ = "another";
  Start();
  EXPECT_EQ(ended_.get().code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(WorkerTest, EndsWhenNoServerAnswersForLong) {
  timing_.give_up = 50ms;
  WorkerOptions options{.address = "unix:/no/such/socket",
                        .token = token_,
                        .build = "abc",
                        .spool_folder = folder_.path(),
                        .timing = timing_};
  const absl::Status ended = RunWorker(
      options,
      [](const v1::RunAssignment&,
         engram::Context) -> absl::StatusOr<std::unique_ptr<Simulation>> {
        return absl::InternalError("never made");
      });
  EXPECT_EQ(ended.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(ended.message()), HasSubstr("no server answered"));
}

}  // namespace
}  // namespace engram
