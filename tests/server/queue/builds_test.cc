// Runs that only one build can go on with or verify, and its workers.
#include "gmock/gmock.h"
#include "server/store/verification_table.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BuildsTest : public QueueTest {
 protected:
  store::VerificationRow Verification(const std::string& id) {
    store::VerificationRow row;
    const auto key = Row(id).key;
    const absl::Status status = store_->Read([&](store::Reader& reader) {
      auto found = store::FindVerification(reader, key, 1);
      if (found.ok()) row = *found;
      return found.status();
    });
    EXPECT_TRUE(status.ok()) << status;
    return row;
  }

  // A run that has succeeded with build-1, seen from a server of build-2.
  std::string Succeeded() {
    const std::string id = Submit();
    Worker worker = Attach(1);
    const AttemptKey key = worker.Given().key;
    worker.Begin(key);
    worker.Record(key, 1, {PointItem(1, 0.5), SummaryItem(10)});
    worker.Succeed(key, 2);
    options_.build = "build-2";
    Restart();
    return id;
  }

  // With today's build, which records `items`.
  store::VerificationRow VerifyCurrent(const std::string& id,
                                       const std::vector<RecordedItem>& items,
                                       const std::string& hash) {
    EXPECT_TRUE(queue_->Verify({id, 0}, true, "users/ada", nullptr).ok());
    Worker worker = Attach(2);
    const WorkAssignment given = worker.Given();
    EXPECT_TRUE(given.verify);
    worker.Begin(given.key);
    worker.Record(given.key, 1, items);
    worker.Succeed(given.key, std::ssize(items), hash);
    return Verification(id);
  }

  // A run of build-1, saved at tick 10 and interrupted, on a server of
  // build-2.
  std::string Interrupted() {
    const std::string id = Submit();
    Worker worker = Attach(1);
    const AttemptKey key = worker.Given().key;
    worker.Begin(key);
    worker.Save(key, 10, 0, "ten");
    options_.build = "build-2";
    Restart();
    return id;
  }
};

TEST_F(BuildsTest, ASavedRunWaitsForAWorkerOfItsOwnBuild) {
  executor_.Keep("build-1");
  const std::string id = Interrupted();
  Worker newer = Attach(2);
  EXPECT_EQ(State(id), "queued");
  EXPECT_THAT(executor_.wanted(), ElementsAre("build-1"));
  EXPECT_THAT(queue_->Explain({id, 0})->text, HasSubstr("of its own build"));
  Worker own = Attach(3, {}, "build-1");
  const WorkAssignment given = own.Given();
  ASSERT_TRUE(given.resume.has_value());
  own.Begin(given.key);
  own.Succeed(given.key, 0);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_EQ(Row(id).build, "build-1");
  // Nothing more is pinned to it.
  EXPECT_THAT(executor_.wanted(), IsEmpty());
  EXPECT_TRUE(own.link->was_quit());
  EXPECT_FALSE(newer.link->was_quit());
}

TEST_F(BuildsTest, AWorkerOfAKeptBuildIsGivenNothingElse) {
  executor_.Keep("build-1");
  const std::string id = Interrupted();
  Worker own = Attach(3, {}, "build-1");
  const AttemptKey key = own.Given().key;
  own.Begin(key);
  const std::string other = Submit();
  EXPECT_EQ(State(other), "queued");
  EXPECT_THAT(own.link->assigned(), SizeIs(1));
  Worker newer = Attach(4);
  EXPECT_EQ(State(other), "starting");
}

TEST_F(BuildsTest, WithoutItsBuildASavedRunBeginsAnew) {
  const std::string id = Interrupted();
  Worker newer = Attach(2);
  const WorkAssignment given = newer.Given();
  EXPECT_EQ(given.key.attempt, RunName({id, 0}).Attempt(2));
  EXPECT_FALSE(given.resume.has_value());
}

TEST_F(BuildsTest, WhenItsBuildIsLostASavedRunBeginsAnew) {
  executor_.Keep("build-1");
  const std::string id = Interrupted();
  Worker newer = Attach(2);
  EXPECT_EQ(State(id), "queued");
  executor_.Keep("build-1", false);
  queue_->Tick();
  Settle();
  EXPECT_EQ(State(id), "starting");
  EXPECT_FALSE(newer.Given().resume.has_value());
  EXPECT_THAT(executor_.wanted(), IsEmpty());
}

TEST_F(BuildsTest, AWorkerOfABuildThatIsNotKeptIsRefused) {
  WorkerRegistration registration = Registration();
  registration.build = "build-0";
  const auto as = queue_->Attached(1, registration, nullptr);
  EXPECT_EQ(as.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(BuildsTest, ARunIsVerifiedWithItsOwnBuild) {
  executor_.Keep("build-1");
  const std::string id = Succeeded();
  Worker newer = Attach(2);
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/ada", nullptr).ok());
  Settle();
  EXPECT_THAT(newer.link->assigned(), IsEmpty());
  EXPECT_THAT(executor_.wanted(), ElementsAre("build-1"));
  // A restart forgets neither.
  Restart();
  Worker own = Attach(3, {}, "build-1");
  const AttemptKey key = own.Given().key;
  own.Begin(key);
  own.Record(key, 1, {PointItem(1, 0.5), SummaryItem(10)});
  own.Succeed(key, 2);
  EXPECT_EQ(Verification(id).outcome, "equal");
  EXPECT_EQ(Verification(id).build, "build-1");
}

TEST_F(BuildsTest, AVerificationWhoseBuildIsLostFails) {
  executor_.Keep("build-1");
  const std::string id = Succeeded();
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/ada", nullptr).ok());
  executor_.Keep("build-1", false);
  Worker newer = Attach(2);
  queue_->Tick();
  Settle();
  EXPECT_EQ(Verification(id).outcome, "failed");
  EXPECT_THAT(Verification(id).difference, HasSubstr("not kept any more"));
}

TEST_F(BuildsTest, TodaysBuildThatGivesTheSameBitsIsEqual) {
  const std::string id = Succeeded();
  const auto row =
      VerifyCurrent(id, {PointItem(1, 0.5), SummaryItem(10)}, "r1:same");
  EXPECT_EQ(row.outcome, "equal");
  EXPECT_EQ(row.build, "build-2");
  ASSERT_THAT(row.comparison.values(), SizeIs(1));
  EXPECT_EQ(row.comparison.values(0).relative_difference(), 0);
}

TEST_F(BuildsTest, TodaysBuildThatFindsNearlyTheSameIsClose) {
  const std::string id = Succeeded();
  const auto row =
      VerifyCurrent(id, {PointItem(1, 0.75), SummaryItem(10.2)}, "r1:other");
  EXPECT_EQ(row.outcome, "close");
  EXPECT_EQ(row.difference,
            "item 1, series weight_norm at trial 1: stored 0.5, now 0.75");
  EXPECT_EQ(row.comparison.tolerance(), 0.05);
  ASSERT_THAT(row.comparison.values(), SizeIs(1));
  const auto& value = row.comparison.values(0);
  EXPECT_EQ(value.name(), "sequence_length");
  EXPECT_EQ(value.stored(), 10);
  EXPECT_EQ(value.now(), 10.2);
  EXPECT_NEAR(value.relative_difference(), 0.2 / 10.2, 1e-12);
  EXPECT_TRUE(value.is_close());
}

TEST_F(BuildsTest, TodaysBuildThatFindsSomethingElseIsDifferent) {
  const std::string id = Succeeded();
  // More items than are stored, too: the comparison goes on to the end.
  const auto row = VerifyCurrent(
      id, {PointItem(1, 0.5), SummaryItem(8), LogItem("new")}, "r1:other");
  EXPECT_EQ(row.outcome, "different");
  EXPECT_EQ(row.difference,
            "item 2, summary sequence_length: stored 10, now 8");
  EXPECT_FALSE(row.comparison.values(0).is_close());
}

TEST_F(BuildsTest, TodaysBuildThatFindsNothingToCompareIsDifferent) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 1, {PointItem(1, 0.5)});
  worker.Succeed(key, 1);
  options_.build = "build-2";
  Restart();
  EXPECT_EQ(VerifyCurrent(id, {PointItem(1, 0.6)}, "r1:other").outcome,
            "different");
}

}  // namespace
}  // namespace engram
