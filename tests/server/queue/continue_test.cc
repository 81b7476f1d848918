// Runs that ended without success, gone on with from their last state.
#include "gmock/gmock.h"
#include "tests/server/queue/saved_run_fixture.h"

namespace engram {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using ContinueTest = SavedRunTest;

TEST_F(ContinueTest, GoesOnFromTheCheckpointAsTheSameRun) {
  for (const RunState end : {RunState::kFailed, RunState::kTimedOut}) {
    const std::string id = Submit();
    Worker worker = Attach(end == RunState::kFailed ? 1 : 2);
    End(worker, end);
    const auto done = Continue(id);
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_EQ(done->runs, 1);
    const WorkAssignment given = worker.Given();
    EXPECT_EQ(given.key.attempt, RunName({id, 0}).Attempt(2));
    ASSERT_TRUE(given.resume.has_value());
    EXPECT_EQ(given.resume->tick, 10);
    EXPECT_EQ(given.time_s, 86'400);
    worker.Begin(given.key);
    worker.Record(given.key, 2, {SummaryItem(10)});
    worker.Succeed(given.key, 2);
    EXPECT_EQ(State(id), "succeeded");
    queue_->WorkerEnded(worker.number, {"exited with status 0", 0, false});
    Settle();
  }
}

TEST_F(ContinueTest, TimeLimitCountsAnewAlsoAfterARestart) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Save(key, 10, 0, "ten");
  clock_.Advance(3000);
  FinishedReport report;
  report.state = RunState::kTimedOut;
  worker.Finish(key, report);
  queue_->WorkerEnded(1, {"exited with status 0", 0, false});
  ASSERT_TRUE(Continue(id).ok());
  Restart();
  Worker two = Attach(2);
  EXPECT_EQ(two.Given().time_s, 86'400);
  EXPECT_TRUE(two.Given().resume.has_value());
}

TEST_F(ContinueTest, WithoutACheckpointItSaysWhatToDo) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  End(worker, RunState::kTimedOut, false);
  const absl::Status refused = Continue(id).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refused.message(),
              AllOf(HasSubstr("/0 has left no checkpoint"),
                    HasSubstr("`retry` starts it from the beginning")));
  EXPECT_EQ(State(id), "timed_out");
}

TEST_F(ContinueTest, OfAnExperimentThoseThatCanGoOnDo) {
  const std::string id = Submit("sweep: {seed: 1..3}\n");
  Worker worker = Attach(1);
  End(worker, RunState::kTimedOut);
  End(worker, RunState::kTimedOut, false);
  const AttemptKey last = worker.Given().key;
  worker.Begin(last);
  worker.Succeed(last, 0);
  const auto done = Continue(id, std::nullopt);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->runs, 1);
  EXPECT_EQ(State(id, 0), "starting");
  EXPECT_EQ(State(id, 1), "timed_out");
  EXPECT_EQ(State(id, 2), "succeeded");
}

TEST_F(ContinueTest, OfAnExperimentWhereNoneCanTheFirstSaysWhy) {
  const std::string id = Submit("sweep: {seed: 1..2}\n");
  Worker worker = Attach(1);
  End(worker, RunState::kTimedOut, false);
  End(worker, RunState::kTimedOut, false);
  EXPECT_THAT(Continue(id, std::nullopt).status().message(),
              HasSubstr("/0 has left no checkpoint"));
}

TEST_F(ContinueTest, ARunThatHasNotEndedOrHasSucceededIsRefused) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  EXPECT_THAT(Continue(id).status().message(), HasSubstr("has not ended"));
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Succeed(key, 0);
  EXPECT_THAT(Continue(id).status().message(), HasSubstr("is final"));
}

TEST_F(ContinueTest, RunsWithTheBuildThatSavedTheState) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  End(worker, RunState::kTimedOut);
  options_.build = "build-2";
  Restart();
  EXPECT_THAT(Continue(id).status().message(),
              AllOf(HasSubstr("saved at tick 10 by build build-1"),
                    HasSubstr("not kept any more")));
  executor_.Keep("build-1");
  Worker newer = Attach(2);
  ASSERT_TRUE(Continue(id).ok());
  EXPECT_EQ(State(id), "queued");
  EXPECT_THAT(executor_.wanted(), ::testing::ElementsAre("build-1"));
  Worker own = Attach(3, {}, "build-1");
  ASSERT_TRUE(own.Given().resume.has_value());
  EXPECT_EQ(own.Given().resume->tick, 10);
}

}  // namespace
}  // namespace engram
