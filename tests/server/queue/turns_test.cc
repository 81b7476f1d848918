// Who is next, and what is given in advance.
#include "gmock/gmock.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kThree[] = "sweep: {seed: 1..3}\n";

using TurnsTest = QueueTest;

TEST_F(TurnsTest, TwoUsersTakeTurns) {
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

TEST_F(TurnsTest, NoMoreRunsStartThanThereAreCpus) {
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

TEST_F(TurnsTest, WideRunIsPassedForTenMinutesAtMost) {
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

TEST_F(TurnsTest, RunThatCanNeverFitIsRefused) {
  Submission wide;
  wide.owner = "ada";
  wide.resources.cpus = 5;
  const auto made = TrySubmit("", wide);
  EXPECT_EQ(made.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(made.status().message()), HasSubstr("has 4 cpus"));
}

TEST_F(TurnsTest, ShortRunsAreGivenInAdvance) {
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

TEST_F(TurnsTest, LongRunsAreNotGivenInAdvance) {
  Submit(kThree);
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  clock_.Advance(30);
  worker.Succeed(key, 0);
  EXPECT_THAT(worker.link->assigned(), SizeIs(2));
}

}  // namespace
}  // namespace engram
