// A server that starts nothing more, or stops.
#include <future>

#include "gmock/gmock.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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
