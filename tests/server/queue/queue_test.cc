#include "server/queue/queue.h"

#include <future>
#include <thread>

#include "gmock/gmock.h"
#include "server/store/attempt_table.h"
#include "server/store/experiment_table.h"
#include "server/store/series_table.h"
#include "server/store/user_table.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kThree[] = "sweep: {seed: 1..3}\n";

TEST_F(QueueTest, RunGoesFromSubmitToSuccess) {
  const std::string id = Submit();
  EXPECT_EQ(State(id), "queued");
  Worker worker = Attach(1);
  const WorkAssignment given = worker.Given();
  EXPECT_EQ(given.key.attempt, RunName({id, 0}).Attempt(1));
  EXPECT_THAT(given.tree_json, HasSubstr("sequence_learning"));
  EXPECT_FALSE(given.verify);
  EXPECT_EQ(State(id), "starting");
  worker.Begin(given.key);
  EXPECT_EQ(State(id), "running");
  worker.Record(given.key, 1,
                {PointItem(1, 0.5), PointItem(2, 0.75), SummaryItem(10),
                 LogItem("slow")});
  worker.Succeed(given.key, 4);
  const store::RunRow row = Row(id);
  EXPECT_EQ(row.state, "succeeded");
  EXPECT_EQ(row.result_hash, "r1:same");
  EXPECT_EQ(row.state_actor, "workers/1");
  EXPECT_EQ(row.attempt, 1);
  EXPECT_EQ(row.build, "build-1");
  EXPECT_EQ(row.stored_ordinal, 4);
  EXPECT_DOUBLE_EQ(row.cpu_seconds, 3);
  EXPECT_EQ(worker.link->acknowledged(), 3);
  EXPECT_DOUBLE_EQ(queue_->RecentCpuSeconds("ada"), 3);
}

TEST_F(QueueTest, EveryChangeHasActorAndReason) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Succeed(key, 0);
  std::vector<std::string> changes;
  ASSERT_TRUE(store_
                  ->Read([&](store::Reader& reader) {
                    for (const auto& t :
                         store::ReadTransitions(reader, Row(id).key)) {
                      changes.push_back(t.from + ">" + t.to + " " + t.actor +
                                        " " + t.reason);
                    }
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_THAT(changes,
              ElementsAre(">queued users/ada submitted",
                          "queued>starting workers/1 assigned",
                          "starting>running workers/1 begun",
                          "running>succeeded workers/1 came to its end"));
}

TEST_F(QueueTest, TwoUsersTakeTurns) {
  const std::string a = Submit(kThree, "ada");
  const std::string b = Submit(kThree, "bob");
  std::vector<std::string> owners;
  for (const QueueEntry& entry : queue_->Snapshot(10).entries) {
    owners.push_back(entry.owner);
  }
  EXPECT_THAT(owners, ElementsAre("ada", "bob", "ada", "bob", "ada", "bob"));
  Worker one = Attach(1), two = Attach(2);
  EXPECT_EQ(one.Given().key.attempt, RunName({a, 0}).Attempt(1));
  EXPECT_EQ(two.Given().key.attempt, RunName({b, 0}).Attempt(1));
}

TEST_F(QueueTest, NoMoreRunsStartThanThereAreCpus) {
  Submission wide;
  wide.owner = "ada";
  wide.resources.cpus = 3;
  ASSERT_TRUE(TrySubmit(kThree, wide).ok());
  Worker one = Attach(1), two = Attach(2);
  EXPECT_THAT(one.link->assigned(), SizeIs(1));
  EXPECT_THAT(two.link->assigned(), IsEmpty());
  EXPECT_EQ(queue_->Status().cpus_in_use, 3);
  EXPECT_THAT(queue_->Snapshot(10).entries[1].explanation,
              HasSubstr("needs 3 of 4 cpus, of which 3 are taken"));
}

TEST_F(QueueTest, WideRunIsPassedForTenMinutesAtMost) {
  Submission narrow, wide;
  narrow.owner = wide.owner = "ada";
  wide.resources.cpus = 4;
  ASSERT_TRUE(TrySubmit("", narrow).ok());
  Worker one = Attach(1);
  ASSERT_TRUE(TrySubmit("", wide).ok());
  ASSERT_TRUE(TrySubmit(kThree, narrow).ok());
  Worker two = Attach(2);
  EXPECT_EQ(two.Given().cpus, 1);
  clock_.Advance(601);
  queue_->Heartbeat(1);
  queue_->Heartbeat(2);
  const AttemptKey key = two.Given().key;
  two.Begin(key);
  two.Succeed(key, 0);
  EXPECT_THAT(two.link->assigned(), SizeIs(1));
  one.Begin(one.Given().key);
  one.Succeed(one.Given().key, 0);
  Settle();
  EXPECT_EQ(one.link->assigned().size() + two.link->assigned().size(), 3u);
  EXPECT_EQ(queue_->Status().cpus_in_use, 4);
}

TEST_F(QueueTest, RunThatCanNeverFitIsRefused) {
  Submission wide;
  wide.owner = "ada";
  wide.resources.cpus = 5;
  const auto made = TrySubmit("", wide);
  EXPECT_EQ(made.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(made.status().message()), HasSubstr("has 4 cpus"));
}

TEST_F(QueueTest, QuotaOfWaitingRunsIsKept) {
  SetQuota({.queued_runs = 4});
  Submit(kThree);
  Submission more;
  more.owner = "ada";
  EXPECT_EQ(TrySubmit(kThree, more).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(TrySubmit("", more).ok());
  EXPECT_EQ(queue_->Status().queued_runs, 4);
}

TEST_F(QueueTest, QuotaCountsSubmitsOfOneCommit) {
  SetQuota({.queued_runs = 4});
  std::promise<void> go;
  store_->WriteAsync(
      [&](store::Transaction&) {
        go.get_future().wait();
        return absl::OkStatus();
      },
      [](const absl::Status&) {});
  const auto submit = [&] {
    Submission three;
    three.owner = "ada";
    return TrySubmit(kThree, three).status().code();
  };
  auto one = std::async(std::launch::async, submit);
  auto two = std::async(std::launch::async, submit);
  // Behind both, unless they are late: then they meet in the next commit.
  go.set_value();
  EXPECT_THAT((std::vector{one.get(), two.get()}),
              UnorderedElementsAre(absl::StatusCode::kOk,
                                   absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(queue_->Status().queued_runs, 3);
}

TEST_F(QueueTest, QuotaOfWaitingRunsIsKeptByRetry) {
  SetQuota({.queued_runs = 3});
  const std::string id = Submit(kThree);
  ASSERT_TRUE(queue_->Cancel(id, {}, "users/ada", "", nullptr).ok());
  Submit();
  EXPECT_EQ(queue_->Retry(id, {}, "users/bob", nullptr).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(State(id, 0), "cancelled");
  EXPECT_TRUE(queue_->Retry(id, 0, "users/bob", nullptr).ok());
}

TEST_F(QueueTest, QuotaOfProcessorTimeIsKept) {
  SetQuota({.cpu_hours = 1});
  Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  FinishedReport report;
  report.cpu_seconds = 2 * 3600;
  worker.Finish(key, report);
  Submission more;
  more.owner = "ada";
  const absl::Status refused = TrySubmit("", more).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("2.00 cpu-hours"));
  clock_.Advance(8 * 86'400);
  EXPECT_TRUE(TrySubmit("", more).ok()) << "half of it has decayed";
}

TEST_F(QueueTest, QuotaOfStoredBytesIsKept) {
  SetQuota({.stored_bytes = 1});
  Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 1, {PointItem(1, 0.5), LogItem("a long line of text")});
  worker.Succeed(key, 2);
  Submission more;
  more.owner = "ada";
  const absl::Status refused = TrySubmit("", more).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("quota of 1"));
  more.owner = "bob";
  EXPECT_TRUE(TrySubmit("", more).ok());
}

TEST_F(QueueTest, ShortRunsAreGivenInAdvance) {
  const std::string id = Submit("sweep: {seed: 1..20}\n");
  Worker worker = Attach(1);
  EXPECT_THAT(worker.link->assigned(), SizeIs(1));
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  clock_.Advance(0.1);
  worker.Succeed(key, 0);
  Settle();
  // The present one and sixteen more.
  EXPECT_THAT(worker.link->assigned(), SizeIs(1 + 17));
  EXPECT_EQ(queue_->Workers().at(0).held_runs, 16);
  EXPECT_EQ(queue_->Status().cpus_in_use, 1);
}

TEST_F(QueueTest, LongRunsAreNotGivenInAdvance) {
  Submit(kThree);
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  clock_.Advance(30);
  worker.Succeed(key, 0);
  EXPECT_THAT(worker.link->assigned(), SizeIs(2));
}

TEST_F(QueueTest, ExperimentWaitsForAnother) {
  const std::string first = Submit();
  const std::string second = Submit("after: " + first + "\n");
  Worker one = Attach(1), two = Attach(2);
  EXPECT_THAT(two.link->assigned(), IsEmpty());
  EXPECT_THAT(queue_->Explain({second, 0})->text, HasSubstr(first));
  const AttemptKey key = one.Given().key;
  one.Begin(key);
  one.Succeed(key, 0);
  EXPECT_EQ(State(second), "starting");
}

TEST_F(QueueTest, QueuedRunIsCancelledAtOnce) {
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

TEST_F(QueueTest, RunningRunIsAskedToStopAndKilledAfterTenSeconds) {
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

TEST_F(QueueTest, RunThatHangsBeyondItsLimitIsKilledAndTimedOut) {
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

TEST_F(QueueTest, HeldRunThatDoesNotStopIsTakenBackWithoutAKill) {
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

TEST_F(QueueTest, RunThatFinishesBeforeItStopsHasSucceeded) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  ASSERT_TRUE(queue_->Cancel(id, {}, "users/ada", "", nullptr).ok());
  worker.Succeed(key, 0);
  EXPECT_EQ(State(id), "succeeded");
}

TEST_F(QueueTest, StoppedRunIsCancelled) {
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

TEST_F(QueueTest, RunIsGivenToAnotherWorkerWhenItsOwnDies) {
  const std::string id = Submit();
  Worker one = Attach(1);
  one.Begin(one.Given().key);
  queue_->WorkerEnded(1, {"was killed by signal 11", 0, false});
  Settle();
  EXPECT_EQ(State(id), "queued");
  EXPECT_EQ(Row(id).state_reason, "worker died");
  Worker two = Attach(2);
  const WorkAssignment again = two.Given();
  EXPECT_EQ(again.key.attempt, RunName({id, 0}).Attempt(2));
  EXPECT_GT(again.key.fencing_token, one.Given().key.fencing_token);
}

TEST_F(QueueTest, TimeLimitCountsOverAttempts) {
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

TEST_F(QueueTest, RunThatKillsItsWorkersFailsAfterThreeAttempts) {
  const std::string id = Submit();
  for (int64_t n = 1; n <= 3; ++n) {
    Worker worker = Attach(n);
    worker.Begin(worker.Given().key);
    queue_->WorkerEnded(n, {"was killed by signal 11", 0, false});
    Settle();
  }
  const store::RunRow row = Row(id);
  EXPECT_EQ(row.state, "failed");
  EXPECT_EQ(row.error_reason, "WORKER_DIED");
  EXPECT_THAT(row.error_message, HasSubstr("signal 11"));
  EXPECT_EQ(row.attempt, 3);
  ASSERT_TRUE(store_
                  ->Read([&](store::Reader& reader) {
                    EXPECT_THAT(store::ReadAttempts(reader, row.key),
                                SizeIs(3));
                    return absl::OkStatus();
                  })
                  .ok());
}

TEST_F(QueueTest, WhatADeadWorkerHeldBesidesIsInnocent) {
  const std::string id = Submit("sweep: {seed: 1..4}\n");
  Worker worker = Attach(1);
  const AttemptKey first = worker.Given().key;
  worker.Begin(first);
  worker.Succeed(first, 0);
  Settle();
  ASSERT_THAT(worker.link->assigned(), SizeIs(4));
  for (int64_t n = 1; n <= 3; ++n) {
    queue_->WorkerEnded(n, {"was killed by signal 11", 0, false});
    Settle();
    Attach(n + 1);
  }
  // The one at the head was tried three times, the others never.
  EXPECT_EQ(State(id, 1), "failed");
  EXPECT_EQ(State(id, 2), "starting");
  EXPECT_EQ(Row(id, 2).attempt, 0);
}

TEST_F(QueueTest, WorkerThatGrewTooLargeFailsItsRunForGood) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  worker.Begin(worker.Given().key);
  queue_->WorkerEnded(1, {"was killed", int64_t{3} << 30, true});
  Settle();
  EXPECT_EQ(State(id), "failed");
  EXPECT_EQ(Row(id).error_reason, "MEMORY");
  EXPECT_THAT(Row(id).error_message, HasSubstr("used 3072 MiB"));
  EXPECT_THAT(Row(id).error_message, HasSubstr("raise `resources.memory`"));
}

TEST_F(QueueTest, RunThatGrewBeyondTheServerIsToldSo) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  worker.Begin(worker.Given().key);
  queue_->WorkerEnded(1, {"was killed", int64_t{17} << 30, true});
  Settle();
  EXPECT_EQ(Row(id).error_reason, "MEMORY");
  EXPECT_THAT(Row(id).error_message, HasSubstr("this server has 16384 MiB"));
  EXPECT_THAT(Row(id).error_message, Not(HasSubstr("raise")));
}

TEST_F(QueueTest, DeterministicFailureIsNotRepeated) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Fail(key, "DIVERGED");
  EXPECT_EQ(State(id), "failed");
  EXPECT_EQ(Row(id).error_reason, "DIVERGED");
  EXPECT_EQ(Row(id).state_reason, "failed: DIVERGED");
  EXPECT_THAT(worker.link->assigned(), SizeIs(1));
}

TEST_F(QueueTest, SilentWorkerLosesItsLease) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  worker.Begin(worker.Given().key);
  clock_.Advance(59);
  queue_->Heartbeat(1);
  clock_.Advance(59);
  queue_->Tick();
  Settle();
  EXPECT_EQ(State(id), "running");
  clock_.Advance(2);
  queue_->Tick();
  Settle();
  EXPECT_EQ(State(id), "queued");
  EXPECT_THAT(executor_.killed(), ElementsAre(1));
  ASSERT_TRUE(worker.link->closed().has_value());
}

TEST_F(QueueTest, WorkerWhoseLeaseLapsedIsGoneAndStaysAway) {
  Worker worker = Attach(1);
  clock_.Advance(61);
  queue_->Tick();
  EXPECT_THAT(queue_->Workers(), IsEmpty());
  const auto again = queue_->Attached(1, Registration(), worker.link);
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(queue_->Workers(), IsEmpty());
}

TEST_F(QueueTest, WorkerThatDiedBeforeItRegisteredDoesNotAttach) {
  const std::string id = Submit();
  queue_->WorkerEnded(1, {"was killed by signal 9", 0, false});
  const auto link = std::make_shared<FakeLink>();
  const auto as = queue_->Attached(1, Registration(), link);
  EXPECT_EQ(as.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(as.status().message()), HasSubstr("workers/1"));
  Settle();
  EXPECT_THAT(queue_->Workers(), IsEmpty());
  EXPECT_EQ(State(id), "queued");
}

TEST_F(QueueTest, WorkerOfAnotherBuildIsRefused) {
  const std::string id = Submit();
  WorkerRegistration newer = Registration();
  newer.build = "build-2";
  const auto as = queue_->Attached(1, newer, std::make_shared<FakeLink>());
  EXPECT_EQ(as.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(as.status().message()),
              AllOf(HasSubstr("build-2"), HasSubstr("build-1"),
                    HasSubstr("restart the server")));
  Settle();
  EXPECT_EQ(State(id), "queued");
}

TEST_F(QueueTest, LengthsDoNotFollowAClockThatIsSet) {
  Submission limited;
  limited.owner = "ada";
  limited.resources.time_s = 100;
  const auto made = TrySubmit("", limited);
  ASSERT_TRUE(made.ok()) << made.status();
  Worker one = Attach(1);
  one.Begin(one.Given().key);
  clock_.Advance(30);
  clock_.SetBy(3600);
  queue_->WorkerEnded(1, {"was killed by signal 9", 0, false});
  Settle();
  Worker two = Attach(2);
  const WorkAssignment again = two.Given();
  EXPECT_EQ(again.time_s, 70);
  two.Begin(again.key);
  clock_.Advance(5);
  clock_.SetBy(-7200);
  two.Succeed(again.key, 0);
  EXPECT_EQ(Row(made->experiment).wall_time_us, 35'000'000);
}

TEST_F(QueueTest, SucceededRunIsNotRetried) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  EXPECT_EQ(queue_->Retry(id, 0, "users/ada", nullptr).status().code(),
            absl::StatusCode::kFailedPrecondition);
  worker.Begin(key);
  worker.Succeed(key, 0);
  EXPECT_EQ(queue_->Retry(id, 0, "users/ada", nullptr).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(queue_->Retry(id, {}, "users/ada", nullptr)->runs, 0);
}

TEST_F(QueueTest, ContinueNeedsACheckpoint) {
  const std::string id = Submit();
  queue_->Cancel(id, {}, "users/ada", "", nullptr).IgnoreError();
  const auto made = queue_->Continue(id, 0, "users/ada", nullptr);
  EXPECT_EQ(made.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(made.status().message()), HasSubstr("checkpoint"));
}

TEST_F(QueueTest, WorkOfACallThatFailsIsUndone) {
  const std::string id = Submit();
  const auto made = queue_->Cancel(
      id, 0, "users/ada", "", [](store::Transaction&, const CountOutcome& c) {
        EXPECT_EQ(c.runs, 1);
        return absl::UnavailableError("no receipt");
      });
  EXPECT_EQ(made.status().message(), "no receipt");
  EXPECT_EQ(State(id), "queued");
  Worker worker = Attach(1);
  EXPECT_EQ(worker.Given().key.attempt, RunName({id, 0}).Attempt(1));
}

TEST_F(QueueTest, DrainingServerStartsNothing) {
  queue_->Drain(true);
  const std::string id = Submit();
  Worker worker = Attach(1);
  EXPECT_THAT(worker.link->assigned(), IsEmpty());
  EXPECT_THAT(queue_->Explain({id, 0})->text, HasSubstr("draining"));
  queue_->Drain(false);
  Settle();
  EXPECT_THAT(worker.link->assigned(), SizeIs(1));
}

TEST_F(QueueTest, PlaceAndExpectedStartAreTold) {
  const std::string id = Submit(kThree);
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  clock_.Advance(40);
  worker.Succeed(key, 0);
  const auto why = queue_->Explain({id, 2});
  ASSERT_TRUE(why.ok()) << why.status();
  EXPECT_EQ(why->position, 1);
  EXPECT_EQ(why->expected_start_us, clock_.NowUs() + 40'000'000);
  EXPECT_THAT(queue_->Explain({id, 0})->text, HasSubstr("came to its end"));
  EXPECT_EQ(queue_->Explain({id, 7}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(QueueTest, QueueIsRebuiltFromTheStore) {
  const std::string id = Submit(kThree);
  Worker worker = Attach(1);
  const int64_t token = worker.Given().key.fencing_token;
  worker.Begin(worker.Given().key);
  Restart();
  EXPECT_EQ(State(id, 0), "queued");
  EXPECT_EQ(Row(id, 0).state_reason, "server restarted");
  EXPECT_EQ(queue_->Status().queued_runs, 3);
  Worker next = Attach(2);
  EXPECT_EQ(next.Given().key.attempt, RunName({id, 0}).Attempt(2));
  EXPECT_GT(next.Given().key.fencing_token, token);
}

TEST_F(QueueTest, TimeInWhichTheServerWasDownIsNoTimeOfTheRun) {
  Submission limited;
  limited.owner = "ada";
  limited.resources.time_s = 100;
  const auto made = TrySubmit("", limited);
  ASSERT_TRUE(made.ok());
  Worker one = Attach(1);
  const AttemptKey key = one.Given().key;
  one.Begin(key);
  clock_.Advance(30);
  one.Record(key, 1, {PointItem(1, 0.5)});
  clock_.Advance(86'400);
  Restart();
  Worker two = Attach(2);
  EXPECT_EQ(two.Given().time_s, 70);
  ASSERT_TRUE(
      store_
          ->Read([&](store::Reader& reader) {
            const auto attempt =
                store::ReadAttempts(reader, Row(made->experiment).key)[0];
            EXPECT_EQ(*attempt.end_time_us - attempt.start_time_us, 30'000'000);
            return absl::OkStatus();
          })
          .ok());
}

TEST_F(QueueTest, ShutdownQueuesWhatIsAtWork) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  worker.Begin(worker.Given().key);
  ASSERT_TRUE(queue_->Shutdown().ok());
  EXPECT_EQ(State(id), "queued");
  EXPECT_EQ(Row(id).state_reason, "drained");
  EXPECT_TRUE(worker.link->was_quit());
  EXPECT_EQ(queue_->Attached(2, {}, worker.link).status().code(),
            absl::StatusCode::kUnavailable);
}

class DrainTest : public QueueTest {
 protected:
  void SetUp() override {
    QueueTest::SetUp();
    options_.drain_us = 30'000'000;
    Restart();
    id_ = Submit();
    worker_.emplace(Attach(1));
    key_ = worker_->Given().key;
    worker_->Begin(key_);
    stopped_ =
        std::async(std::launch::async, [this] { return queue_->Shutdown(); });
    while (worker_->link->yielded().empty()) std::this_thread::yield();
  }
  std::string id_;
  std::optional<Worker> worker_;
  AttemptKey key_;
  std::future<absl::Status> stopped_;
};

TEST_F(DrainTest, ARunThatSavedItsStateIsQueued) {
  EXPECT_EQ(State(id_), "running") << "it is waited for";
  FinishedReport report;
  report.state = RunState::kQueued;
  worker_->Finish(key_, report);
  EXPECT_TRUE(stopped_.get().ok());
  EXPECT_EQ(State(id_), "queued");
  EXPECT_EQ(Row(id_).state_reason, "drained");
  EXPECT_TRUE(worker_->link->was_quit());
}

TEST_F(DrainTest, ARunThatComesToItsEndSucceeds) {
  worker_->Succeed(key_, 0);
  EXPECT_TRUE(stopped_.get().ok());
  EXPECT_EQ(State(id_), "succeeded");
}

TEST_F(DrainTest, ARunThatDoesNotAnswerIsQueuedAfterTheBound) {
  clock_.Advance(31);
  EXPECT_TRUE(stopped_.get().ok());
  EXPECT_EQ(State(id_), "queued");
  EXPECT_EQ(Row(id_).state_reason, "drained");
}

TEST_F(DrainTest, HurryWaitsForNobody) {
  queue_->Hurry();
  EXPECT_TRUE(stopped_.get().ok());
  EXPECT_EQ(State(id_), "queued");
}

TEST_F(DrainTest, AWorkerThatGoesAwayIsNotWaitedFor) {
  queue_->Detached(1, worker_->link.get());
  EXPECT_TRUE(stopped_.get().ok());
  EXPECT_EQ(State(id_), "queued");
}

}  // namespace
}  // namespace engram
