// Runs that are ended before their own end: cancelled, or out of time.
#include "gmock/gmock.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kThree[] = "sweep: {seed: 1..3}\n";

using CancelTest = QueueTest;

TEST_F(CancelTest, QueuedRunIsCancelledAtOnce) {
  const std::string id = Submit(kThree);
  const auto made = queue_->Cancel(id, 1, "users/ada", "not needed", nullptr);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->runs, 1);
  EXPECT_EQ(State(id, 1), "cancelled");
  EXPECT_EQ(Row(id, 1).state_reason, "not needed");
  EXPECT_EQ(State(id, 0), "queued");
  EXPECT_EQ(queue_->Cancel(id, {}, "users/ada", "", nullptr)->runs, 2);
  EXPECT_EQ(queue_->Status().queued_runs, 0);
}

TEST_F(CancelTest, RunningRunIsAskedToStopAndKilledAfterTenSeconds) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  ASSERT_TRUE(queue_->Cancel(id, 0, "users/ada", "", nullptr).ok());
  EXPECT_EQ(State(id), "cancelling");
  EXPECT_THAT(worker.link->stopped(), ElementsAre(key));
  clock_.Advance(9.9);
  queue_->Tick();
  EXPECT_THAT(executor_.killed(), IsEmpty());
  clock_.Advance(0.2);
  queue_->Tick();
  EXPECT_THAT(executor_.killed(), ElementsAre(1));
  queue_->WorkerEnded(1, {"was killed by signal 9", 0, false});
  Settle();
  EXPECT_EQ(State(id), "cancelled");
  EXPECT_THAT(Row(id).state_reason, HasSubstr("did not stop in time"));
}

TEST_F(CancelTest, RunThatHangsBeyondItsLimitIsKilledAndTimedOut) {
  Submission submission;
  submission.owner = "ada";
  submission.resources.time_s = 100;
  const auto made = TrySubmit("", submission);
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string id = made->experiment;
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  for (int i = 0; i < 15; ++i) {
    clock_.Advance(10);
    queue_->Heartbeat(1);
    queue_->Tick();
  }
  EXPECT_THAT(executor_.killed(), IsEmpty());
  clock_.Advance(10.1);
  queue_->Heartbeat(1);
  queue_->Tick();
  queue_->Tick();
  EXPECT_THAT(executor_.killed(), ElementsAre(1));
  queue_->WorkerEnded(1, {"was killed by signal 9", 0, false});
  Settle();
  EXPECT_EQ(State(id), "timed_out");
  EXPECT_EQ(Row(id).error_reason, "TIME");
  EXPECT_THAT(Row(id).error_message, HasSubstr("its worker was killed"));
}

TEST_F(CancelTest, HeldRunThatDoesNotStopIsTakenBackWithoutAKill) {
  const std::string id = Submit("sweep: {seed: 1..4}\n");
  Worker worker = Attach(1);
  const AttemptKey first = worker.Given().key;
  worker.Begin(first);
  worker.Succeed(first, 0);
  Settle();
  const std::vector<WorkAssignment> given = worker.link->assigned();
  ASSERT_THAT(given, SizeIs(4));
  worker.Begin(given[1].key);
  queue_->Detached(1, worker.link.get());
  ASSERT_TRUE(queue_->Cancel(id, 2, "users/ada", "", nullptr).ok());
  clock_.Advance(11);
  queue_->Tick();
  Settle();
  EXPECT_THAT(executor_.killed(), IsEmpty());
  EXPECT_EQ(State(id, 1), "running");
  EXPECT_EQ(State(id, 2), "cancelled");
  // It hears so when it is back.
  Worker back = Attach(1, {given[1].key, given[2].key, given[3].key});
  EXPECT_THAT(back.link->stopped(), ElementsAre(given[2].key));
}

TEST_F(CancelTest, RunThatFinishesBeforeItStopsHasSucceeded) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  ASSERT_TRUE(queue_->Cancel(id, {}, "users/ada", "", nullptr).ok());
  worker.Succeed(key, 0);
  EXPECT_EQ(State(id), "succeeded");
}

TEST_F(CancelTest, StoppedRunIsCancelled) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  ASSERT_TRUE(queue_->Cancel(id, {}, "users/ada", "", nullptr).ok());
  FinishedReport stopped;
  stopped.state = RunState::kCancelled;
  worker.Finish(key, stopped);
  EXPECT_EQ(State(id), "cancelled");
  EXPECT_EQ(Row(id).attempt, 0);
}

TEST_F(CancelTest, TimeLimitCountsOverAttempts) {
  Submission limited;
  limited.owner = "ada";
  limited.resources.time_s = 100;
  ASSERT_TRUE(TrySubmit("", limited).ok());
  Worker one = Attach(1);
  EXPECT_EQ(one.Given().time_s, 100);
  one.Begin(one.Given().key);
  clock_.Advance(30);
  queue_->WorkerEnded(1, {"was killed by signal 9", 0, false});
  Settle();
  Worker two = Attach(2);
  EXPECT_EQ(two.Given().time_s, 70);
}

}  // namespace
}  // namespace engram
