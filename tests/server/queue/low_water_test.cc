#include <atomic>

#include "gmock/gmock.h"
#include "server/queue/disk_guard.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kMark = 1'000'000'000;

// A queue whose disk has as much space as the test says.
class LowWaterTest : public QueueTest {
 protected:
  void SetUp() override {
    options_.disk = &guard_;
    QueueTest::SetUp();
  }
  void SetFree(int64_t bytes) {
    free_bytes_ = bytes;
    queue_->Tick();
    Settle();
  }

  std::atomic<int64_t> free_bytes_ = 2 * kMark;
  DiskGuard guard_{[this] { return free_bytes_.load(); }, kMark};
};

TEST_F(LowWaterTest, SubmitIsRefusedAndLeavesNothing) {
  SetFree(kMark / 2);
  Submission submission;
  submission.owner = "ada";
  const auto made = TrySubmit("", submission);
  EXPECT_EQ(made.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(made.status().message(), HasSubstr("disk is nearly full"));
  EXPECT_EQ(queue_->Status().queued_runs, 0);
  EXPECT_TRUE(queue_->Status().disk_low);
}

TEST_F(LowWaterTest, NoRunStartsAndWhySaysSo) {
  SetFree(kMark * 2);
  const std::string id = Submit();
  SetFree(kMark / 2);
  Worker worker = Attach(1);
  EXPECT_THAT(worker.link->assigned(), IsEmpty());
  EXPECT_EQ(State(id), "queued");
  const auto why = queue_->Explain({id, 0});
  ASSERT_TRUE(why.ok()) << why.status();
  EXPECT_THAT(why->text, HasSubstr("disk is nearly full"));
}

TEST_F(LowWaterTest, ARunAtWorkComesToItsEnd) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  SetFree(0);
  worker.Begin(key);
  EXPECT_EQ(State(id), "running");
  worker.Succeed(key, 0);
  EXPECT_EQ(State(id), "succeeded");
}

TEST_F(LowWaterTest, CancelGoesThroughAndRetryWaitsForSpace) {
  const std::string id = Submit();
  SetFree(0);
  const auto cancelled =
      queue_->Cancel(id, std::nullopt, "users/ada", "", nullptr);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(State(id), "cancelled");
  EXPECT_EQ(
      queue_->Retry(id, std::nullopt, "users/ada", nullptr).status().code(),
      absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(State(id), "cancelled");
}

TEST_F(LowWaterTest, WithSpaceAgainWaitingRunsStartByThemselves) {
  const std::string id = Submit();
  SetFree(0);
  Worker worker = Attach(1);
  ASSERT_THAT(worker.link->assigned(), IsEmpty());
  SetFree(kMark * 2);
  EXPECT_THAT(worker.link->assigned(), SizeIs(1));
  EXPECT_FALSE(queue_->Status().disk_low);
  Submit();
}

}  // namespace
}  // namespace engram
