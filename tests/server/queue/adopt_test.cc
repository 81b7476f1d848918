// A server was killed and its workers lived on: what the next queue makes of
// it.
#include "gmock/gmock.h"
#include "server/queue/queue.h"
#include "server/store/attempt_table.h"
#include "server/store/series_table.h"
#include "server/store/worker_table.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A point of a series that the attempt declared before.
RecordedItem LaterPoint(double x, double value) {
  RecordedPoint point;
  point.x = x;
  point.value = value;
  return point;
}

class AdoptTest : public QueueTest {
 protected:
  // A worker that the store knows, as the executor starts them.
  Worker Enlist() {
    const auto number = queue_->EnlistWorker("digest");
    EXPECT_TRUE(number.ok()) << number.status();
    return Attach(*number);
  }
  // The server is killed and started again; these workers have lived on.
  void RestartWith(std::set<int64_t> living) {
    options_.living_workers = std::move(living);
    Restart();
  }
  std::vector<store::AttemptRow> Attempts(const std::string& id,
                                          int64_t point = 0) {
    std::vector<store::AttemptRow> rows;
    const auto key = Row(id, point).key;
    EXPECT_TRUE(store_
                    ->Read([&](store::Reader& reader) {
                      rows = store::ReadAttempts(reader, key);
                      return absl::OkStatus();
                    })
                    .ok());
    return rows;
  }
  std::vector<int64_t> LiveInStore() {
    std::vector<int64_t> numbers;
    EXPECT_TRUE(store_
                    ->Read([&](store::Reader& reader) {
                      for (const auto& row : store::ReadLiveWorkers(reader)) {
                        numbers.push_back(row.number);
                      }
                      return absl::OkStatus();
                    })
                    .ok());
    return numbers;
  }
  int64_t PointCount(const std::string& id) {
    int64_t count = 0;
    const auto key = Row(id).key;
    EXPECT_TRUE(store_
                    ->Read([&](store::Reader& reader) {
                      const auto series =
                          store::FindSeries(reader, key, "weight_norm");
                      if (series.ok()) count = series->point_count;
                      return series.status();
                    })
                    .ok());
    return count;
  }
};

TEST_F(AdoptTest, ARunGoesOnInTheSameAttempt) {
  const std::string id = Submit();
  Worker before = Enlist();
  const AttemptKey key = before.Given().key;
  before.Begin(key);
  before.Record(key, 1, {PointItem(1, 0.5), PointItem(2, 0.75)});
  RestartWith({before.number});
  EXPECT_EQ(State(id), "running");
  Worker worker = Attach(before.number, {key});
  EXPECT_EQ(worker.events, 2) << "what is stored was remembered";
  EXPECT_THAT(worker.link->assigned(), IsEmpty());
  EXPECT_THAT(worker.link->stopped(), IsEmpty());
  worker.Record(key, 3, {LaterPoint(3, 1), SummaryItem(10)});
  worker.Succeed(key, 4);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_EQ(Row(id).attempt, 1);
  EXPECT_EQ(PointCount(id), 3);
  const auto attempts = Attempts(id);
  ASSERT_THAT(attempts, SizeIs(1));
  EXPECT_EQ(attempts[0].end_state, "succeeded");
  EXPECT_EQ(attempts[0].worker, "workers/1");
}

TEST_F(AdoptTest, ARunThatEndedWhileNoServerWasThereSucceeds) {
  const std::string id = Submit();
  Worker before = Enlist();
  const AttemptKey key = before.Given().key;
  before.Begin(key);
  before.Record(key, 1, {PointItem(1, 0.5)});
  RestartWith({before.number});
  Worker worker = Attach(before.number, {key});
  worker.Succeed(key, 1);
  EXPECT_EQ(State(id), "succeeded");
}

TEST_F(AdoptTest, WhatTheNextReportsLackIsStillMissed) {
  const std::string id = Submit();
  Worker before = Enlist();
  const AttemptKey key = before.Given().key;
  before.Begin(key);
  before.Record(key, 1, {PointItem(1, 0.5)});
  RestartWith({before.number});
  Worker worker = Attach(before.number, {key});
  worker.Record(key, 3, {LaterPoint(3, 1)});
  EXPECT_EQ(State(id), "failed");
  EXPECT_THAT(Row(id).error_message, HasSubstr("items from 3 on"));
}

TEST_F(AdoptTest, ARunOfADeadWorkerIsQueuedAtOnce) {
  const std::string id = Submit();
  Worker before = Enlist();
  before.Begin(before.Given().key);
  RestartWith({});
  EXPECT_EQ(State(id), "queued");
  EXPECT_THAT(LiveInStore(), IsEmpty());
  Worker worker = Enlist();
  EXPECT_NE(worker.number, before.number);
  EXPECT_EQ(worker.Given().key.attempt, RunName({id, 0}).Attempt(2));
}

TEST_F(AdoptTest, WhatTheWorkerDoesNotHoldIsQueuedAgainAndCountsNothing) {
  const std::string id = Submit();
  Worker before = Enlist();
  before.Given();
  RestartWith({before.number});
  EXPECT_EQ(State(id), "starting");
  Worker worker = Attach(before.number, {});
  const WorkAssignment given = worker.Given();
  EXPECT_EQ(given.key.attempt, RunName({id, 0}).Attempt(1));
  worker.Begin(given.key);
  worker.Succeed(given.key, 0);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_EQ(Row(id).attempt, 1);
}

TEST_F(AdoptTest, AnAttemptThatHadNotBegunBegins) {
  const std::string id = Submit();
  Worker before = Enlist();
  const AttemptKey key = before.Given().key;
  RestartWith({before.number});
  Worker worker = Attach(before.number, {key});
  worker.Begin(key);
  worker.Record(key, 1, {PointItem(1, 0.5)});
  worker.Succeed(key, 1);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_EQ(Row(id).attempt, 1);
}

TEST_F(AdoptTest, ALivingWorkerHasOneFullTermToAttachAgain) {
  const std::string id = Submit();
  Worker before = Enlist();
  const AttemptKey key = before.Given().key;
  before.Begin(key);
  clock_.Advance(3600);  // no server is there
  RestartWith({before.number});
  clock_.Advance(59);
  queue_->Tick();
  Settle();
  EXPECT_EQ(State(id), "running");
  EXPECT_THAT(executor_.killed(), IsEmpty());
  clock_.Advance(2);
  queue_->Tick();
  Settle();
  EXPECT_EQ(State(id), "queued");
  EXPECT_THAT(executor_.killed(), ElementsAre(before.number));
}

TEST_F(AdoptTest, ALeaseThatWasRenewedLastsAfterTheClockWasSet) {
  const std::string id = Submit();
  Worker before = Enlist();
  const AttemptKey key = before.Given().key;
  before.Begin(key);
  clock_.SetBy(86'400);  // between the servers, too
  RestartWith({before.number});
  Worker worker = Attach(before.number, {key});
  for (const double seconds : {-3600.0, 86'400.0, -172'800.0}) {
    clock_.SetBy(seconds);
    clock_.Advance(1);
    queue_->Heartbeat(worker.number);
    queue_->Tick();
    Settle();
    EXPECT_EQ(State(id), "running") << "clock set by " << seconds << " s";
  }
  worker.Succeed(key, 0);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_THAT(executor_.killed(), IsEmpty());
}

TEST_F(AdoptTest, ACancelledRunIsToldAgainAndKilledInTheEnd) {
  const std::string id = Submit();
  Worker before = Enlist();
  const AttemptKey key = before.Given().key;
  before.Begin(key);
  ASSERT_TRUE(queue_->Cancel(id, 0, "users/ada", "", nullptr).ok());
  RestartWith({before.number});
  EXPECT_EQ(State(id), "cancelling");
  Worker worker = Attach(before.number, {key});
  EXPECT_THAT(worker.link->stopped(), ElementsAre(key));
  clock_.Advance(11);
  queue_->Tick();
  EXPECT_THAT(executor_.killed(), ElementsAre(worker.number));
  queue_->WorkerEnded(worker.number, {.status = "was killed by signal 9"});
  Settle();
  EXPECT_EQ(State(id), "cancelled");
}

TEST_F(AdoptTest, AnEndThatNobodyHeardIsJudgedAsEver) {
  const std::string id = Submit();
  Worker before = Enlist();
  before.Begin(before.Given().key);
  RestartWith({before.number});
  queue_->WorkerEnded(before.number,
                      {.status = "was killed for using too much memory",
                       .peak_memory_bytes = int64_t{20} << 30,
                       .out_of_memory = true});
  Settle();
  EXPECT_EQ(State(id), "failed");
  EXPECT_EQ(Row(id).error_reason, "MEMORY");
  EXPECT_THAT(LiveInStore(), IsEmpty());
}

// The second attempt had repeated two of four items when the server was killed.
class AdoptRepeatTest : public AdoptTest {
 protected:
  void SetUp() override {
    AdoptTest::SetUp();
    id_ = Submit();
    Worker first = Enlist();
    const AttemptKey key = first.Given().key;
    first.Begin(key);
    first.Record(key, 1,
                 {LogItem("begun"), PointItem(1, 0.5), LaterPoint(2, 0.75),
                  LaterPoint(3, 1)});
    queue_->WorkerEnded(first.number, {.status = "was killed by signal 9"});
    Worker second = Enlist();
    key_ = second.Given().key;
    second.Begin(key_);
    second.Record(key_, 1, {LogItem("begun"), PointItem(1, 0.5)});
    number_ = second.number;
    RestartWith({number_});
    EXPECT_EQ(State(id_), "running");
  }
  std::string id_;
  AttemptKey key_;
  int64_t number_ = 0;
};

TEST_F(AdoptRepeatTest, RepeatedItemsAreComparedFromWhereItStood) {
  Worker worker = Attach(number_, {key_});
  worker.Record(key_, 3, {LaterPoint(2, 0.75)});
  worker.Record(key_, 4, {LaterPoint(3, 1), LaterPoint(4, 2)});
  worker.Succeed(key_, 5);
  EXPECT_EQ(State(id_), "succeeded");
  EXPECT_EQ(PointCount(id_), 4);
  EXPECT_EQ(Row(id_).attempt, 2);
}

TEST_F(AdoptRepeatTest, ADifferenceIsFound) {
  Worker worker = Attach(number_, {key_});
  worker.Record(key_, 3, {LaterPoint(2, 0.8)});
  EXPECT_EQ(State(id_), "failed");
  EXPECT_EQ(Row(id_).error_reason, "NONDETERMINISTIC");
  EXPECT_THAT(Row(id_).error_message,
              HasSubstr("series weight_norm at trial 2: stored 0.75, now 0.8"));
}

TEST_F(AdoptTest, AWorkerOfAnotherBuildGoesOnToTheEndOfItsAttempt) {
  const std::string id = Submit("sweep: {seed: 1..2}\n");
  Worker before = Enlist();
  const AttemptKey key = before.Given().key;
  before.Begin(key);
  const auto registration = Registration();
  options_.build = "build-2";
  RestartWith({before.number});
  // As the one it is.
  auto link = std::make_shared<FakeLink>();
  WorkerRegistration again = registration;
  again.held = {key};
  const auto as = queue_->Attached(before.number, again, link);
  ASSERT_TRUE(as.ok()) << as.status();
  EXPECT_TRUE(link->was_quit());
  Worker worker{this, before.number, link, as->stored_event};
  worker.Succeed(key, 0);
  EXPECT_EQ(State(id, 0), "succeeded");
  EXPECT_EQ(State(id, 1), "queued");
  EXPECT_THAT(link->assigned(), IsEmpty()) << "it is given nothing more";
}

TEST_F(AdoptTest, AWorkerOfAKeptBuildStaysForWhatOnlyItCanGoOnWith) {
  executor_.Keep("build-1");
  const std::string id = Submit();
  Worker before = Enlist();
  const AttemptKey key = before.Given().key;
  before.Begin(key);
  options_.build = "build-2";
  RestartWith({before.number});
  Worker after = Attach(before.number, {key}, "build-1");
  EXPECT_FALSE(after.link->was_quit());
  after.Save(key, 10, 0, "ten");
  FinishedReport yielded;
  yielded.state = RunState::kQueued;
  after.Finish(key, yielded);
  const WorkAssignment again = after.Given();
  ASSERT_TRUE(again.resume.has_value());
  EXPECT_EQ(again.resume->tick, 10);
  after.Begin(again.key);
  after.Succeed(again.key, 0);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_EQ(Row(id).build, "build-1");
  EXPECT_TRUE(after.link->was_quit());
}

TEST_F(AdoptTest, AWorkerTooManyIsToldToQuit) {
  Submit("sweep: {seed: 1..3}\n");
  Worker first = Enlist();
  Worker second = Enlist();
  const AttemptKey key = second.Given().key;
  second.Begin(key);
  options_.surplus_workers = {second.number};
  RestartWith({first.number, second.number});
  EXPECT_FALSE(Attach(first.number, {first.Given().key}).link->was_quit());
  EXPECT_TRUE(Attach(second.number, {key}).link->was_quit());
}

TEST_F(AdoptTest, ADeathAfterwardsIsBlamedOnTheRunThatWasBegun) {
  const std::string id = Submit("sweep: {seed: 1..8}\n");
  Worker before = Enlist();
  const AttemptKey first = before.Given().key;
  before.Begin(first);
  clock_.Advance(0.1);
  before.Succeed(first, 0);  // short, as is known now: others are prefetched
  const auto given = before.link->assigned();
  ASSERT_GE(given.size(), 3u);
  before.Begin(given[1].key);
  RestartWith({before.number});
  queue_->WorkerEnded(before.number, {.status = "was killed by signal 9"});
  Settle();
  EXPECT_THAT(Attempts(id, 1), SizeIs(1));
  EXPECT_EQ(Attempts(id, 1)[0].error_reason, "WORKER_DIED");
  EXPECT_THAT(Attempts(id, 2), IsEmpty());
}

}  // namespace
}  // namespace engram
