// Workers that die, grow too large, fall silent or do not belong here.
#include "gmock/gmock.h"
#include "server/store/attempt_table.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using LostWorkerTest = QueueTest;

TEST_F(LostWorkerTest, RunIsGivenToAnotherWorkerWhenItsOwnDies) {
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

TEST_F(LostWorkerTest, RunThatKillsItsWorkersFailsAfterThreeAttempts) {
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

TEST_F(LostWorkerTest, WhatADeadWorkerHeldBesidesIsInnocent) {
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

TEST_F(LostWorkerTest, WorkerThatGrewTooLargeFailsItsRunForGood) {
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

TEST_F(LostWorkerTest, RunThatGrewBeyondTheServerIsToldSo) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  worker.Begin(worker.Given().key);
  queue_->WorkerEnded(1, {"was killed", int64_t{17} << 30, true});
  Settle();
  EXPECT_EQ(Row(id).error_reason, "MEMORY");
  EXPECT_THAT(Row(id).error_message, HasSubstr("this server has 16384 MiB"));
  EXPECT_THAT(Row(id).error_message, Not(HasSubstr("raise")));
}

TEST_F(LostWorkerTest, SilentWorkerLosesItsLease) {
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

TEST_F(LostWorkerTest, WorkerWhoseLeaseLapsedIsGoneAndStaysAway) {
  Worker worker = Attach(1);
  clock_.Advance(61);
  queue_->Tick();
  EXPECT_THAT(queue_->Workers(), IsEmpty());
  const auto again = queue_->Attached(1, Registration(), worker.link);
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(queue_->Workers(), IsEmpty());
}

TEST_F(LostWorkerTest, WorkerThatDiedBeforeItRegisteredDoesNotAttach) {
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

TEST_F(LostWorkerTest, WorkerOfAnotherBuildIsRefused) {
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

}  // namespace
}  // namespace engram
