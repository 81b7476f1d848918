// What `why` tells of the time at which a run starts, whatever server tells it.
#include "gmock/gmock.h"
#include "tests/core/spec/test_catalog.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

class ExpectedStartTest : public QueueTest {
 protected:
  std::optional<int64_t> ExpectedStart(const std::string& id, int64_t point) {
    const auto why = queue_->Explain({id, point});
    EXPECT_TRUE(why.ok()) << why.status();
    return why->expected_start_us;
  }
  // Its first run is taken by a worker, and begun.
  void BeginFirst() {
    Worker worker = Attach(++workers_);
    worker.Begin(worker.Given().key);
  }

  int64_t workers_ = 0;
};

TEST_F(ExpectedStartTest, PlaceAndExpectedStartAreTold) {
  const std::string id = Submit("sweep: {seed: 1..3}\n");
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

TEST_F(ExpectedStartTest, AServerThatStartsKnowsHowLongRunsHaveTaken) {
  const std::string id = Submit("sweep: {seed: 1..3}\n");
  Worker worker = Attach(++workers_);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  clock_.Advance(40);
  worker.Succeed(key, 0);
  ASSERT_EQ(ExpectedStart(id, 2), clock_.NowUs() + 40'000'000);
  Restart();
  BeginFirst();
  EXPECT_EQ(ExpectedStart(id, 2), clock_.NowUs() + 40'000'000);
}

TEST_F(ExpectedStartTest, AServerThatStartsKnowsWhatWasEstimatedAtSubmit) {
  Submission submission;
  submission.owner = "ada";
  submission.expected_seconds = 25;
  const auto made = TrySubmit("sweep: {seed: 1..2}\n", submission);
  ASSERT_TRUE(made.ok()) << made.status();
  Settle();
  Restart();
  BeginFirst();
  EXPECT_EQ(ExpectedStart(made->experiment, 1), clock_.NowUs() + 25'000'000);
}

TEST_F(ExpectedStartTest, NothingIsToldOfALengthThatNobodyKnows) {
  const std::string id = Submit("sweep: {seed: 1..2}\n");
  Restart();
  BeginFirst();
  EXPECT_EQ(ExpectedStart(id, 1), std::nullopt);
}

}  // namespace
}  // namespace engram
