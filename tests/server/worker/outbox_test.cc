#include "server/worker/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::WorkerEvent Event(const std::string& attempt = "a") {
  v1::WorkerEvent event;
  event.mutable_key()->set_attempt(attempt);
  event.mutable_begun();
  return event;
}

v1::WorkerEvent EventOfBytes(size_t bytes) {
  v1::WorkerEvent event = Event();
  event.mutable_items()->add_items()->mutable_log()->set_text(
      std::string(bytes, 'x'));
  return event;
}

v1::WorkerEvent End(const std::string& attempt = "a") {
  v1::WorkerEvent event = Event(attempt);
  event.mutable_finished()->set_state(v1::RUN_STATE_SUCCEEDED);
  event.mutable_finished()->set_result_hash("r1:abc");
  event.mutable_finished()->set_item_count(3);
  return event;
}

// Numbers of the events that a writer would send now.
std::vector<int64_t> Drain(Outbox& outbox) {
  std::vector<int64_t> numbers;
  while (auto message = outbox.Next(milliseconds(0))) {
    numbers.push_back(message->event().number());
  }
  return numbers;
}

class OutboxTest : public testing::Test {
 protected:
  Upload UploadOf(Upload::Kind kind, const std::string& bytes = "bytes") {
    Upload upload;
    upload.kind = kind;
    upload.bytes = *spool_->Add(bytes, Spool::Room::kWait);
    upload.digests = {"digest of " + bytes};
    return upload;
  }
  v1::WorkerEvent Next() { return outbox_.Next(milliseconds(0))->event(); }

  TestSpool spool_;
  Outbox outbox_{spool_};
};

TEST_F(OutboxTest, NumbersFromOneAndSendsInOrderOnce) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox_.Put(Event()).ok());
  EXPECT_THAT(Drain(outbox_), ElementsAre(1, 2, 3));
  EXPECT_THAT(Drain(outbox_), IsEmpty());
  EXPECT_FALSE(outbox_.empty()) << "sent is not stored";
}

TEST_F(OutboxTest, SendsAgainWhatANewStreamsServerHasNotStored) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(outbox_.Put(Event()).ok());
  Drain(outbox_);
  outbox_.Acknowledge(1);
  outbox_.Rewind(3);
  EXPECT_THAT(Drain(outbox_), ElementsAre(4, 5));
  ASSERT_TRUE(outbox_.Put(Event()).ok());
  EXPECT_THAT(Drain(outbox_), ElementsAre(6));
  outbox_.Acknowledge(6);
  EXPECT_TRUE(outbox_.empty());
  EXPECT_EQ(spool_->memory_bytes(), 0);
}

TEST_F(OutboxTest, AcknowledgingWhatWasNotSentSkipsIt) {
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(outbox_.Put(Event()).ok());
  EXPECT_EQ(Next().number(), 1);
  outbox_.Acknowledge(3);
  EXPECT_THAT(Drain(outbox_), ElementsAre(4));
}

TEST_F(OutboxTest, PutWaitsWhileTheSpoolIsFull) {
  TestSpool small({.bound_bytes = 1000, .memory_bytes = 0});
  Outbox outbox(small);
  ASSERT_TRUE(outbox.Put(EventOfBytes(2000)).ok());
  std::promise<bool> put;
  std::future<bool> done = put.get_future();
  std::thread simulation(
      [&] { put.set_value(outbox.Put(EventOfBytes(10)).ok()); });
  outbox.PutAtOnce(EventOfBytes(10));
  EXPECT_EQ(Drain(outbox).size(), 2u) << "the one that waits is not among them";
  EXPECT_EQ(done.wait_for(milliseconds(0)), std::future_status::timeout);
  outbox.Acknowledge(2);
  EXPECT_TRUE(done.get());
  simulation.join();
  EXPECT_THAT(Drain(outbox), ElementsAre(3));
}

TEST_F(OutboxTest, PutWaitsAtTheMostEvents) {
  for (size_t i = 0; i < Outbox::kMostEvents; ++i) {
    ASSERT_TRUE(outbox_.Put(Event()).ok());
  }
  std::future<absl::Status> put =
      std::async(std::launch::async, [&] { return outbox_.Put(Event()); });
  EXPECT_EQ(put.wait_for(milliseconds(1)), std::future_status::timeout);
  outbox_.Acknowledge(1);
  EXPECT_TRUE(put.get().ok());
}

TEST_F(OutboxTest, AServerThatIsAwayCostsDiskAndNotMemory) {
  TestSpool small({.memory_bytes = 4096, .file_bytes = 16384});
  Outbox outbox(small);
  constexpr int kEvents = 200;
  for (int i = 0; i < kEvents; ++i) {
    ASSERT_TRUE(outbox.Put(EventOfBytes(1000)).ok());
    EXPECT_LE(small->memory_bytes(), 4096);
  }
  EXPECT_GT(small->file_bytes(), 150 * 1000);
  EXPECT_GT(small.folder().count(), 5) << "several files";
  for (int i = 1; i <= kEvents; ++i) {
    const auto message = outbox.Next(milliseconds(0));
    ASSERT_EQ(message->event().number(), i);
    EXPECT_EQ(message->event().items().items(0).log().text().size(), 1000u);
    outbox.Acknowledge(i);
  }
  EXPECT_EQ(small->file_bytes(), 0);
  EXPECT_EQ(small.folder().count(), 0) << "removed as they are stored";
}

TEST_F(OutboxTest, CloseEndsTheWaitAndRefuses) {
  TestSpool small({.bound_bytes = 10, .memory_bytes = 0});
  Outbox outbox(small);
  ASSERT_TRUE(outbox.Put(EventOfBytes(100)).ok());
  std::future<absl::Status> put =
      std::async(std::launch::async, [&] { return outbox.Put(Event()); });
  outbox.Close();
  EXPECT_EQ(put.get().code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(outbox.closed());
  outbox.PutAtOnce(Event());
  EXPECT_THAT(Drain(outbox), ElementsAre(1));
  EXPECT_FALSE(outbox.WaitForUploads());
}

TEST_F(OutboxTest, LiveReportsReplaceOneAnotherAndOvertakeEvents) {
  const auto live = [](const std::string& name, int64_t tick) {
    v1::LiveReport report;
    report.mutable_key()->set_attempt("a");
    report.set_name(name);
    report.mutable_progress()->set_tick(tick);
    return report;
  };
  outbox_.PostLive(live("", 1));
  outbox_.PostLive(live("", 2));
  outbox_.PostLive(live("rates", 3));
  ASSERT_TRUE(outbox_.Put(Event()).ok());
  EXPECT_EQ(outbox_.Next(milliseconds(0))->live().progress().tick(), 2);
  EXPECT_EQ(outbox_.Next(milliseconds(0))->live().name(), "rates");
  EXPECT_TRUE(outbox_.Next(milliseconds(0))->has_event());
  EXPECT_FALSE(outbox_.Next(milliseconds(0)));
}

TEST_F(OutboxTest, ANewStreamDropsWhatIsSentOnce) {
  outbox_.PostLive({});
  outbox_.PostReturned({v1::AttemptKey()});
  outbox_.Rewind(0);
  EXPECT_TRUE(outbox_.empty());
}

TEST_F(OutboxTest, WakeEndsAWaitAndIsNotLostWhenNobodyWaits) {
  outbox_.Wake();
  EXPECT_FALSE(outbox_.Next(std::chrono::hours(1)));
  std::thread other([&] { outbox_.Wake(); });
  EXPECT_FALSE(outbox_.Next(std::chrono::hours(1)));
  other.join();
}

TEST_F(OutboxTest, NamesAttemptsWhoseEndIsNotStored) {
  ASSERT_TRUE(outbox_.Put(Event("a")).ok());
  outbox_.PutAtOnce(End("b"));
  ASSERT_TRUE(
      outbox_.Put(Event("c"), UploadOf(Upload::Kind::kFinalState)).ok());
  outbox_.PutAtOnce(End("c"));
  ASSERT_EQ(outbox_.EndedKeys().size(), 2u);
  EXPECT_EQ(outbox_.EndedKeys()[0].attempt(), "b");
  EXPECT_EQ(outbox_.EndedKeys()[1].attempt(), "c") << "behind its upload";
  outbox_.Acknowledge(2);
  EXPECT_EQ(outbox_.EndedKeys().size(), 1u);
}

TEST_F(OutboxTest, AnEventAndAllBehindItWaitForItsUpload) {
  ASSERT_TRUE(outbox_.Put(Event("a")).ok());
  ASSERT_TRUE(outbox_.Put(Event("b"), UploadOf(Upload::Kind::kArray)).ok());
  ASSERT_TRUE(outbox_.Put(Event("c")).ok());
  EXPECT_THAT(Drain(outbox_), ElementsAre(1));
  ASSERT_EQ(outbox_.Uploads().size(), 1u);
  EXPECT_THAT(outbox_.Uploads()[0]->digests, ElementsAre("digest of bytes"));
  outbox_.Settle(1);
  EXPECT_THAT(Drain(outbox_), ElementsAre(2, 3));
  EXPECT_THAT(outbox_.Uploads(), IsEmpty());
}

TEST_F(OutboxTest, UploadsOfManyRunsGoTogether) {
  for (const char* attempt : {"a", "b", "c"}) {
    ASSERT_TRUE(outbox_.Put(Event(attempt)).ok());
    ASSERT_TRUE(
        outbox_.Put(Event(attempt), UploadOf(Upload::Kind::kArray)).ok());
    outbox_.PutAtOnce(End(attempt));
  }
  EXPECT_EQ(outbox_.Uploads().size(), 3u);
  outbox_.Settle(2);
  EXPECT_THAT(Drain(outbox_), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  outbox_.Settle(1);
  EXPECT_THAT(Drain(outbox_), ElementsAre(8, 9));
}

TEST_F(OutboxTest, AnUploadWithADeadlineComesAlone) {
  ASSERT_TRUE(outbox_.Put(Event(), UploadOf(Upload::Kind::kArray)).ok());
  Upload urgent = UploadOf(Upload::Kind::kState);
  urgent.deadline = std::chrono::steady_clock::now();
  ASSERT_TRUE(outbox_.Put(Event(), std::move(urgent)).ok());
  EXPECT_EQ(outbox_.Uploads().size(), 1u);
  outbox_.Settle(1);
  EXPECT_EQ(outbox_.Uploads().size(), 1u);
  EXPECT_TRUE(outbox_.HasStateToUpload());
}

TEST_F(OutboxTest, AStatesManifestIsFilledIn) {
  v1::WorkerEvent event = Event();
  event.mutable_checkpoint()->mutable_state()->set_tick(7);
  ASSERT_TRUE(outbox_.Put(event, UploadOf(Upload::Kind::kState)).ok());
  EXPECT_TRUE(outbox_.HasStateToUpload());
  outbox_.Uploads()[0]->manifest.set_byte_size(5);
  outbox_.Settle(1);
  EXPECT_FALSE(outbox_.HasStateToUpload());
  const v1::SavedState state = Next().checkpoint().state();
  EXPECT_EQ(state.tick(), 7);
  EXPECT_EQ(state.manifest().byte_size(), 5);
}

TEST_F(OutboxTest, ACheckpointThatIsRefusedIsLeftOut) {
  ASSERT_TRUE(outbox_.Put(Event(), UploadOf(Upload::Kind::kState)).ok());
  outbox_.PutAtOnce(End());
  outbox_.Uploads()[0]->outcome = absl::DeadlineExceededError("too slow");
  outbox_.Settle(1);
  const v1::WorkerEvent end = Next();
  EXPECT_EQ(end.number(), 1);
  EXPECT_EQ(end.finished().state(), v1::RUN_STATE_SUCCEEDED);
}

TEST_F(OutboxTest, AnArrayOrFinalStateThatIsRefusedEndsItsAttemptAlone) {
  for (const auto kind : {Upload::Kind::kArray, Upload::Kind::kFinalState}) {
    Outbox outbox(spool_);
    ASSERT_TRUE(outbox.Put(Event("a"), UploadOf(kind)).ok());
    ASSERT_TRUE(outbox.Put(EventOfBytes(10)).ok());
    outbox.PutAtOnce(End("a"));
    ASSERT_TRUE(outbox.Put(Event("b")).ok());
    outbox.Uploads()[0]->outcome = absl::ResourceExhaustedError("disk full");
    outbox.Settle(1);
    const v1::WorkerEvent end = outbox.Next(milliseconds(0))->event();
    EXPECT_EQ(end.number(), 1) << "without gaps";
    EXPECT_EQ(end.finished().state(), v1::RUN_STATE_FAILED);
    EXPECT_EQ(end.finished().error().reason(), "STORAGE");
    EXPECT_THAT(end.finished().error().message(), HasSubstr("disk full"));
    EXPECT_EQ(end.finished().result_hash(), "");
    EXPECT_EQ(end.finished().item_count(), 3) << "the rest stays";
    const v1::WorkerEvent other = outbox.Next(milliseconds(0))->event();
    EXPECT_EQ(other.number(), 2);
    EXPECT_EQ(other.key().attempt(), "b");
  }
}

TEST_F(OutboxTest, ARunningAttemptHearsThatItsUploadWasRefused) {
  ASSERT_TRUE(outbox_.Put(Event(), UploadOf(Upload::Kind::kArray)).ok());
  outbox_.Uploads()[0]->outcome = absl::ResourceExhaustedError("disk full");
  outbox_.Settle(1);
  EXPECT_EQ(outbox_.Put(Event()), absl::ResourceExhaustedError("disk full"));
  EXPECT_TRUE(outbox_.Put(Event("b")).ok());
  outbox_.PutAtOnce(End());
  EXPECT_EQ(Next().key().attempt(), "b");
  EXPECT_EQ(Next().finished().error().reason(), "STORAGE");
  EXPECT_TRUE(outbox_.Put(Event()).ok()) << "forgotten with its end";
}

TEST_F(OutboxTest, AnEventThatCannotBeReadBackEndsItsAttempt) {
  TestSpool on_disk({.memory_bytes = 0});
  Outbox outbox(on_disk);
  ASSERT_TRUE(outbox.Put(EventOfBytes(1000)).ok());
  for (const auto& entry :
       std::filesystem::directory_iterator(on_disk.folder().path())) {
    std::filesystem::resize_file(entry.path(), 10);
  }
  const v1::WorkerEvent event = outbox.Next(milliseconds(0))->event();
  EXPECT_EQ(event.number(), 1);
  EXPECT_EQ(event.key().attempt(), "a");
  EXPECT_EQ(event.finished().error().reason(), "STORAGE");
  EXPECT_THAT(event.finished().error().message(),
              HasSubstr(on_disk.folder().path()));
  EXPECT_FALSE(outbox.Put(EventOfBytes(10)).ok());
}

}  // namespace
}  // namespace engram
