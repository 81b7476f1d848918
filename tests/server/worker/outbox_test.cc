#include "server/worker/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace engram {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
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

// Numbers of the events that a writer would send now.
std::vector<int64_t> Drain(Outbox& outbox) {
  std::vector<int64_t> numbers;
  while (auto message = outbox.Next(milliseconds(0))) {
    numbers.push_back(message->event().number());
  }
  return numbers;
}

TEST(OutboxTest, NumbersFromOneAndSendsInOrderOnce) {
  Outbox outbox;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox.Put(Event()));
  EXPECT_THAT(Drain(outbox), ElementsAre(1, 2, 3));
  EXPECT_THAT(Drain(outbox), IsEmpty());
  EXPECT_FALSE(outbox.empty()) << "sent is not stored";
}

TEST(OutboxTest, SendsAgainWhatANewStreamsServerHasNotStored) {
  Outbox outbox;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(outbox.Put(Event()));
  Drain(outbox);
  outbox.Acknowledge(1);
  outbox.Rewind(3);
  EXPECT_THAT(Drain(outbox), ElementsAre(4, 5));
  ASSERT_TRUE(outbox.Put(Event()));
  EXPECT_THAT(Drain(outbox), ElementsAre(6));
  outbox.Acknowledge(6);
  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(outbox.kept_bytes(), 0);
}

TEST(OutboxTest, AcknowledgingWhatWasNotSentSkipsIt) {
  Outbox outbox;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(outbox.Put(Event()));
  EXPECT_EQ(outbox.Next(milliseconds(0))->event().number(), 1);
  outbox.Acknowledge(3);
  EXPECT_THAT(Drain(outbox), ElementsAre(4));
}

TEST(OutboxTest, PutWaitsAtTheBoundUntilAcknowledged) {
  Outbox outbox(1000);
  ASSERT_TRUE(outbox.Put(EventOfBytes(2000)));
  std::promise<bool> put;
  std::future<bool> done = put.get_future();
  std::thread simulation([&] { put.set_value(outbox.Put(EventOfBytes(10))); });
  EXPECT_TRUE(outbox.PutAtOnce(EventOfBytes(10)));
  EXPECT_EQ(Drain(outbox).size(), 2u) << "the one that waits is not among them";
  EXPECT_EQ(done.wait_for(milliseconds(0)), std::future_status::timeout);
  outbox.Acknowledge(1);
  EXPECT_TRUE(done.get());
  simulation.join();
  EXPECT_THAT(Drain(outbox), ElementsAre(3));
}

TEST(OutboxTest, CloseEndsTheWaitAndRefuses) {
  Outbox outbox(10);
  ASSERT_TRUE(outbox.Put(EventOfBytes(100)));
  std::promise<bool> put;
  std::thread simulation([&] { put.set_value(outbox.Put(Event())); });
  outbox.Close();
  EXPECT_FALSE(put.get_future().get());
  simulation.join();
  EXPECT_TRUE(outbox.closed());
  EXPECT_FALSE(outbox.PutAtOnce(Event()));
}

TEST(OutboxTest, LiveReportsReplaceOneAnotherAndOvertakeEvents) {
  Outbox outbox;
  const auto live = [](const std::string& name, int64_t tick) {
    v1::LiveReport report;
    report.mutable_key()->set_attempt("a");
    report.set_name(name);
    report.mutable_progress()->set_tick(tick);
    return report;
  };
  outbox.PostLive(live("", 1));
  outbox.PostLive(live("", 2));
  outbox.PostLive(live("rates", 3));
  ASSERT_TRUE(outbox.Put(Event()));
  EXPECT_EQ(outbox.Next(milliseconds(0))->live().progress().tick(), 2);
  EXPECT_EQ(outbox.Next(milliseconds(0))->live().name(), "rates");
  EXPECT_TRUE(outbox.Next(milliseconds(0))->has_event());
  EXPECT_FALSE(outbox.Next(milliseconds(0)));
}

TEST(OutboxTest, ANewStreamDropsWhatIsSentOnce) {
  Outbox outbox;
  outbox.PostLive({});
  outbox.PostReturned({v1::AttemptKey()});
  outbox.Rewind(0);
  EXPECT_TRUE(outbox.empty());
}

TEST(OutboxTest, WakeEndsAWaitAndIsNotLostWhenNobodyWaits) {
  Outbox outbox;
  outbox.Wake();
  EXPECT_FALSE(outbox.Next(std::chrono::hours(1)));
  std::thread other([&] { outbox.Wake(); });
  EXPECT_FALSE(outbox.Next(std::chrono::hours(1)));
  other.join();
}

TEST(OutboxTest, NamesAttemptsWhoseEndIsNotStored) {
  Outbox outbox;
  ASSERT_TRUE(outbox.Put(Event("a")));
  v1::WorkerEvent end = Event("b");
  end.mutable_finished();
  ASSERT_TRUE(outbox.Put(end));
  ASSERT_EQ(outbox.EndedKeys().size(), 1u);
  EXPECT_EQ(outbox.EndedKeys()[0].attempt(), "b");
  outbox.Acknowledge(2);
  EXPECT_THAT(outbox.EndedKeys(), IsEmpty());
}

}  // namespace
}  // namespace engram
