// What a user may have waiting, used and stored.
#include <future>

#include "gmock/gmock.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr char kThree[] = "sweep: {seed: 1..3}\n";

using QuotaTest = QueueTest;

TEST_F(QuotaTest, QuotaOfWaitingRunsIsKept) {
  SetQuota({.queued_runs = 4});
  Submit(kThree);
  Submission more;
  more.owner = "ada";
  EXPECT_EQ(TrySubmit(kThree, more).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(TrySubmit("", more).ok());
  EXPECT_EQ(queue_->Status().queued_runs, 4);
}

TEST_F(QuotaTest, QuotaCountsSubmitsOfOneCommit) {
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

TEST_F(QuotaTest, QuotaOfWaitingRunsIsKeptByRetry) {
  SetQuota({.queued_runs = 3});
  const std::string id = Submit(kThree);
  ASSERT_TRUE(queue_->Cancel(id, {}, "users/ada", "", nullptr).ok());
  Submit();
  EXPECT_EQ(queue_->Retry(id, {}, "users/bob", nullptr).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(State(id, 0), "cancelled");
  EXPECT_TRUE(queue_->Retry(id, 0, "users/bob", nullptr).ok());
}

TEST_F(QuotaTest, QuotaOfProcessorTimeIsKept) {
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

TEST_F(QuotaTest, QuotaOfStoredBytesIsKept) {
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

}  // namespace
}  // namespace engram
