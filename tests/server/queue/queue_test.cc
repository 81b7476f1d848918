#include "server/queue/queue.h"

#include "gmock/gmock.h"
#include "server/store/attempt_table.h"
#include "server/store/experiment_table.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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

}  // namespace
}  // namespace engram
