// Saved states: kept, gone on from, refused, asked for.
#include "gmock/gmock.h"
#include "server/queue/record_store.h"
#include "server/store/log_table.h"
#include "tests/server/queue/saved_run_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using CheckpointTest = SavedRunTest;

TEST_F(CheckpointTest, RunOfAWorkerThatDiedGoesOnFromItsLast) {
  const std::string id = Interrupted();
  Worker two = Attach(2);
  const WorkAssignment given = two.Given();
  ASSERT_TRUE(given.resume.has_value());
  EXPECT_EQ(given.resume->tick, 10);
  EXPECT_EQ(given.resume->item_count, 2);
  EXPECT_EQ(given.resume->manifest, ManifestOf("ten"));
  two.Begin(given.key);
  // Items 3 and 4 are stored: compared and dropped.
  two.Record(given.key, 3, {PointItem(3, 1), LogItem("slow")});
  EXPECT_EQ(Row(id).stored_ordinal, 4);
  two.Record(given.key, 5, {PointItem(4, 2), SummaryItem(10)});
  two.Save(given.key, 20, 6, "end", true);
  two.Succeed(given.key, 6);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_EQ(Row(id).stored_ordinal, 6);
  const auto attempts = Attempts(id);
  ASSERT_THAT(attempts, SizeIs(2));
  EXPECT_EQ(attempts[0].resumed_tick, 0);
  EXPECT_EQ(attempts[1].resumed_tick, 10);
  EXPECT_EQ(attempts[1].resumed_item, 2);
}

TEST_F(CheckpointTest, GoesOnFromItAfterTheServerRestarted) {
  const std::string id = Interrupted();
  Restart();
  Worker two = Attach(2);
  const WorkAssignment given = two.Given();
  ASSERT_TRUE(given.resume.has_value());
  EXPECT_EQ(given.resume->tick, 10);
  two.Begin(given.key);
  two.Record(given.key, 3, {PointItem(3, 1), LogItem("slow"), SummaryItem(10)});
  two.Succeed(given.key, 5);
  EXPECT_EQ(State(id), "succeeded");
}

TEST_F(CheckpointTest, RepeatedItemAfterItThatDiffersFailsTheRun) {
  const std::string id = Interrupted();
  Worker two = Attach(2);
  const AttemptKey key = two.Given().key;
  two.Begin(key);
  two.Record(key, 3, {PointItem(3, 1.5)});
  EXPECT_EQ(State(id), "failed");
  EXPECT_EQ(Row(id).error_reason, "NONDETERMINISTIC");
  EXPECT_EQ(Row(id).error_message,
            "item 3, series weight_norm at trial 3: stored 1, now 1.5");
  EXPECT_THAT(Ticks(id), IsEmpty());
}

TEST_F(CheckpointTest, ItemsBeforeItAreNotTaken) {
  const std::string id = Interrupted();
  Worker two = Attach(2);
  const AttemptKey key = two.Given().key;
  two.Begin(key);
  two.Record(key, 1, {PointItem(1, 0.5)});
  EXPECT_EQ(State(id), "failed");
  EXPECT_THAT(Row(id).error_message, HasSubstr("expected from 3"));
}

TEST_F(CheckpointTest, TheLastTwoAreKept) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  for (const int64_t tick : {10, 20, 30}) {
    worker.Save(key, tick, 0, "state");
  }
  EXPECT_THAT(Ticks(id), ElementsAre(30, 20));
  EXPECT_EQ(Row(id).stored_bytes, 2 * 5);
}

TEST_F(CheckpointTest, OfARunThatSucceededTheFinalStateAloneIsKept) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Save(key, 10, 0, "ten");
  worker.Save(key, 20, 0, "the end", true);
  EXPECT_THAT(Ticks(id), ElementsAre(10));
  worker.Succeed(key, 0);
  EXPECT_THAT(Ticks(id), IsEmpty());
  EXPECT_TRUE(HasFinalState(id));
  EXPECT_EQ(Row(id).stored_bytes, 7);
}

TEST_F(CheckpointTest, OfACancelledOrTimedOutRunTheLastIsKept) {
  for (const RunState end : {RunState::kCancelled, RunState::kTimedOut}) {
    const std::string id = Submit();
    Worker worker = Attach(end == RunState::kCancelled ? 1 : 2);
    const AttemptKey key = worker.Given().key;
    worker.Begin(key);
    worker.Save(key, 10, 0, "ten");
    worker.Save(key, 20, 0, "twenty");
    if (end == RunState::kCancelled) {
      ASSERT_TRUE(queue_->Cancel(id, 0, "users/ada", "", nullptr).ok());
    }
    FinishedReport report;
    report.state = end;
    worker.Finish(key, report);
    EXPECT_EQ(State(id), RunStateName(end));
    EXPECT_THAT(Ticks(id), ElementsAre(20));
    queue_->WorkerEnded(worker.number, {"exited with status 0", 0, false});
    Settle();
  }
}

TEST_F(CheckpointTest, OfARunThatWouldFailAgainNoneIsKept) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Save(key, 10, 0, "ten");
  worker.Fail(key, "DIVERGED");
  EXPECT_THAT(Ticks(id), IsEmpty());
  EXPECT_EQ(Row(id).stored_bytes, 0);
}

TEST_F(CheckpointTest, OneWithoutItsChunksIsRefused) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Report({0, key, CheckpointReport{{ManifestOf("nowhere"), 10, 0}}});
  EXPECT_EQ(State(id), "failed");
  EXPECT_THAT(Row(id).error_message,
              HasSubstr("1 chunks of a checkpoint are not in the store"));
  EXPECT_THAT(Ticks(id), IsEmpty());
}

TEST_F(CheckpointTest, OneThatCountsItemsToComeIsRefused) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Save(key, 10, 3, "ten");
  EXPECT_EQ(State(id), "failed");
  EXPECT_THAT(Row(id).error_message, HasSubstr("3 items, of which 0 have"));
}

TEST_F(CheckpointTest, OneThatCannotBeReadLeadsToTheOneBeforeThenToTheStart) {
  const std::string id = Interrupted();
  Worker two = Attach(2);
  for (const int64_t tick : {10, 5}) {
    const WorkAssignment given = two.Given();
    ASSERT_TRUE(given.resume.has_value());
    EXPECT_EQ(given.resume->tick, tick);
    two.Begin(given.key);
    two.Fail(given.key, "CHECKPOINT");
  }
  const WorkAssignment given = two.Given();
  EXPECT_FALSE(given.resume.has_value());
  two.Begin(given.key);
  two.Record(given.key, 1, {PointItem(1, 0.5)});
  EXPECT_EQ(State(id), "running");
  const auto attempts = Attempts(id);
  ASSERT_THAT(attempts, SizeIs(4));
  EXPECT_EQ(attempts[1].error_reason, "CHECKPOINT");
  EXPECT_EQ(attempts[2].error_reason, "CHECKPOINT");
  const auto key = Row(id).key;
  const auto log = Ask(
      [&](store::Reader& reader) { return store::ReadLog(reader, key, 0, 9); });
  ASSERT_THAT(log, SizeIs(3));
  EXPECT_THAT(log[1].text, HasSubstr("tick 10 cannot be used: as the test "
                                     "says; it goes on from tick 5"));
  EXPECT_THAT(log[2].text, HasSubstr("it begins at the start again"));
}

TEST_F(CheckpointTest, AnotherBuildStartsAnew) {
  const std::string id = Interrupted();
  options_.build = "build-2";
  Restart();
  Worker two = Attach(2);
  const WorkAssignment given = two.Given();
  EXPECT_FALSE(given.resume.has_value());
  EXPECT_EQ(Row(id).stored_ordinal, 0);
  EXPECT_THAT(Ticks(id), IsEmpty());
}

TEST_F(CheckpointTest, RetryStartsFromTheBeginning) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Save(key, 10, 0, "ten");
  FinishedReport report;
  report.state = RunState::kTimedOut;
  worker.Finish(key, report);
  ASSERT_TRUE(queue_->Retry(id, 0, "users/ada", nullptr).ok());
  EXPECT_FALSE(worker.Given().resume.has_value());
  EXPECT_NE(worker.Given().key, key);
}

TEST_F(CheckpointTest, AttemptThatYieldedIsQueuedAgainAndGoesOn) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Save(key, 10, 0, "ten");
  FinishedReport report;
  report.state = RunState::kQueued;
  report.cpu_seconds = 7;
  worker.Finish(key, report);
  const auto attempts = Attempts(id);
  ASSERT_THAT(attempts, SizeIs(1));
  EXPECT_EQ(attempts[0].end_state, "queued");
  EXPECT_EQ(attempts[0].error_reason, "YIELDED");
  EXPECT_EQ(attempts[0].cpu_seconds, 7);
  // It is the only one, so its worker has it again at once.
  const WorkAssignment next = worker.Given();
  EXPECT_EQ(next.key.fencing_token, key.fencing_token + 1);
  ASSERT_TRUE(next.resume.has_value());
  EXPECT_EQ(next.resume->tick, 10);
}

TEST_F(CheckpointTest, AttemptThatYieldsWhenCancelledIsCancelled) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Save(key, 10, 0, "ten");
  ASSERT_TRUE(queue_->Cancel(id, 0, "users/ada", "", nullptr).ok());
  FinishedReport report;
  report.state = RunState::kQueued;
  worker.Finish(key, report);
  EXPECT_EQ(State(id), "cancelled");
  EXPECT_EQ(Attempts(id)[0].end_state, "cancelled");
  EXPECT_THAT(Ticks(id), ElementsAre(10));
}

}  // namespace
}  // namespace engram
