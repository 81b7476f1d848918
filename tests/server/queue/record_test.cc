// What attempts record, through the queue into the store and back.
#include <future>

#include "gmock/gmock.h"
#include "server/queue/record_store.h"
#include "server/store/claim_table.h"
#include "server/store/experiment_table.h"
#include "server/store/log_table.h"
#include "server/store/series_table.h"
#include "server/store/verification_table.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class RecordTest : public QueueTest {
 protected:
  std::vector<RecordedItem> Record(const std::string& id) {
    std::vector<RecordedItem> items;
    const auto key = Row(id).key;
    const absl::Status status = store_->Read([&](store::Reader& reader) {
      auto loaded = LoadRecord(reader, key);
      if (loaded.ok()) items = *loaded;
      return loaded.status();
    });
    EXPECT_TRUE(status.ok()) << status;
    return items;
  }

  store::VerificationRow Verification(const std::string& id, int number) {
    store::VerificationRow row;
    const auto key = Row(id).key;
    const absl::Status status = store_->Read([&](store::Reader& reader) {
      auto found = store::FindVerification(reader, key, number);
      if (found.ok()) row = *found;
      return found.status();
    });
    EXPECT_TRUE(status.ok()) << status;
    return row;
  }

  // A run that has succeeded with the items that `Items` makes.
  std::string Succeeded(Worker& worker) {
    const std::string id = Submit();
    const AttemptKey key = worker.Given().key;
    worker.Begin(key);
    worker.Record(key, 1, Items());
    worker.Succeed(key, 4);
    EXPECT_EQ(State(id), "succeeded");
    return id;
  }

  absl::Status Delete(const std::string& id) {
    return store_->Write([&](store::Transaction& transaction) -> absl::Status {
      const auto key = store::FindExperiment(transaction, id);
      if (!key.ok()) return key.status();
      return store::DeleteExperiment(transaction, *key);
    });
  }

  // Removes the experiment though its first verification has not ended.
  void TakeAway(const std::string& id) {
    const auto key = Row(id).key;
    const absl::Status status =
        store_->Write([&](store::Transaction& transaction) -> absl::Status {
          auto row = store::FindVerification(transaction, key, 1);
          if (!row.ok()) return row.status();
          row->outcome = "failed";
          store::UpdateVerification(transaction, *row);
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
    ASSERT_TRUE(Delete(id).ok());
  }

  static std::vector<RecordedItem> Items() {
    return {PointItem(1, 0.5), PointItem(2, 0.75), SummaryItem(10),
            LogItem("slow")};
  }
};

TEST_F(RecordTest, ItemsAreReadBackInTheirOrder) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 1, {PointItem(1, 0.5), LogItem("a"), PointItem(2, 0.75)});
  worker.Record(
      key, 4,
      {RecordedSpikes{{"exc", 10, 0.1}, {1, 2}, {7, 8}}, SummaryItem(3)});
  RecordComparer comparer(Record(id));
  EXPECT_EQ(comparer.stored_count(), 5);
  EXPECT_EQ(comparer.Compare(1, PointItem(1, 0.5)), std::nullopt);
  EXPECT_EQ(comparer.Compare(2, LogItem("a")), std::nullopt);
  EXPECT_EQ(comparer.Compare(3, PointItem(2, 0.75)), std::nullopt);
  EXPECT_EQ(
      comparer.Compare(4, RecordedSpikes{{"exc", 10, 0.1}, {1, 2}, {7, 8}}),
      std::nullopt);
  EXPECT_EQ(comparer.Compare(5, SummaryItem(3)), std::nullopt);
}

TEST_F(RecordTest, RepeatedItemsAreComparedAndDropped) {
  const std::string id = Submit();
  Worker one = Attach(1);
  const AttemptKey first = one.Given().key;
  one.Begin(first);
  one.Record(first, 1, {PointItem(1, 0.5), PointItem(2, 0.75)});
  queue_->WorkerEnded(1, {"was killed by signal 9", 0, false});
  Settle();
  Worker two = Attach(2);
  const AttemptKey second = two.Given().key;
  two.Begin(second);
  two.Record(second, 1, Items());
  two.Succeed(second, 4);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_THAT(Record(id), SizeIs(4));
  ASSERT_TRUE(store_
                  ->Read([&](store::Reader& reader) {
                    const auto series =
                        store::FindSeries(reader, Row(id).key, "weight_norm");
                    EXPECT_EQ(series->point_count, 2);
                    return series.status();
                  })
                  .ok());
}

TEST_F(RecordTest, RepeatedItemThatDiffersFailsTheRun) {
  const std::string id = Submit();
  Worker one = Attach(1);
  const AttemptKey first = one.Given().key;
  one.Begin(first);
  one.Record(first, 1, {PointItem(1, 0.5), PointItem(2, 0.75)});
  queue_->WorkerEnded(1, {"was killed by signal 9", 0, false});
  Settle();
  Worker two = Attach(2);
  const AttemptKey second = two.Given().key;
  two.Begin(second);
  two.Record(second, 1, {PointItem(1, 0.5), PointItem(2, 0.8)});
  EXPECT_EQ(State(id), "failed");
  EXPECT_EQ(Row(id).error_reason, "NONDETERMINISTIC");
  EXPECT_EQ(Row(id).error_message,
            "item 2, series weight_norm at trial 2: stored 0.75, now 0.8");
  EXPECT_THAT(two.link->stopped(), ElementsAre(second));
  // What contradicted itself is gone when it is tried again.
  EXPECT_EQ(queue_->Retry(id, 0, "users/ada", nullptr)->runs, 1);
  Settle();
  EXPECT_EQ(Row(id).stored_ordinal, 0);
}

TEST_F(RecordTest, RecordOfAnotherBuildIsNotComparedWith) {
  const std::string id = Submit();
  Worker one = Attach(1);
  const AttemptKey first = one.Given().key;
  one.Begin(first);
  one.Record(first, 1, {PointItem(1, 0.5)});
  options_.build = "build-2";
  Restart();
  Worker two = Attach(2);
  const AttemptKey second = two.Given().key;
  two.Begin(second);
  two.Record(second, 1, {PointItem(1, 0.6)});
  two.Succeed(second, 1);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_EQ(Row(id).build, "build-2");
  EXPECT_THAT(Record(id), SizeIs(1));
}

TEST_F(RecordTest, EventsThatComeAgainAreStoredOnce) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 1, {PointItem(1, 0.5)});
  queue_->Detached(1, worker.link.get());
  Worker again = Attach(1, {key});
  EXPECT_EQ(again.events, 2);
  again.events = 0;
  again.Begin(key);
  again.Record(key, 1, {PointItem(1, 0.5)});
  again.Record(key, 2, {PointItem(2, 0.75)});
  EXPECT_EQ(again.link->acknowledged(), 3);
  EXPECT_EQ(Row(id).stored_ordinal, 2);
  EXPECT_EQ(State(id), "running");
}

TEST_F(RecordTest, AssignmentThatNeverArrivedIsQueuedAgain) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey lost = worker.Given().key;
  queue_->Detached(1, worker.link.get());
  Worker again = Attach(1);
  const AttemptKey key = again.Given().key;
  EXPECT_NE(key, lost);
  EXPECT_EQ(key.attempt, lost.attempt);
  EXPECT_EQ(State(id), "starting");
}

TEST_F(RecordTest, EventsOfAnAttemptThatWasGivenAwayAreDropped) {
  const std::string id = Submit();
  Worker one = Attach(1);
  const AttemptKey first = one.Given().key;
  one.Begin(first);
  queue_->HandedBack(1, {first});
  Settle();
  // Given to it again, under a new token: the old one's items do not count.
  one.Record(first, 1, {PointItem(1, 0.5)});
  EXPECT_EQ(Row(id).stored_ordinal, 0);
  EXPECT_EQ(one.link->acknowledged(), 2);
}

TEST_F(RecordTest, GapInTheItemsFailsTheRun) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 5, {PointItem(1, 0.5)});
  EXPECT_EQ(State(id), "failed");
  EXPECT_EQ(Row(id).error_reason, "INTERNAL");
  EXPECT_THAT(Row(id).error_message, HasSubstr("expected from 1"));
  EXPECT_EQ(worker.link->acknowledged(), 2);
}

TEST_F(RecordTest, ArrayWithoutItsChunksFailsTheRun) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  RecordedArray array;
  array.path = "rule.weights";
  array.manifest.chunks = {std::string(32, 'x')};
  worker.Record(key, 1, {array});
  EXPECT_EQ(State(id), "failed");
  EXPECT_THAT(Row(id).error_message, HasSubstr("not in the store"));
}

TEST_F(RecordTest, MissingEventBreaksTheStream) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.events = 1;  // the first one is never sent
  worker.Record(key, 1, {PointItem(1, 0.5)});
  EXPECT_EQ(State(id), "starting");
  ASSERT_TRUE(worker.link->closed().has_value());
  EXPECT_EQ(worker.link->closed()->code(), absl::StatusCode::kUnavailable);
}

TEST_F(RecordTest, SuccessNeedsEveryItem) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Succeed(key, 3);
  EXPECT_EQ(State(id), "failed");
  EXPECT_THAT(Row(id).error_message, HasSubstr("3 items, of which 0"));
}

TEST_F(RecordTest, ClaimsAreEvaluatedWithTheLastRun) {
  const std::string id = Submit(
      "sweep: {seed: 1..2}\n"
      "claims:\n"
      "  - {that: long, value: weight_norm, reduce: mean,"
      " expect: {equals: 5}, source: us}\n"
      "  - {that: first, value: weight_norm, where: {seed: 1},"
      " reduce: mean, expect: {at_least: 5}, source: us}\n");
  Worker worker = Attach(1);
  const auto outcomes = [&] {
    std::vector<std::string> found;
    const auto key = Row(id).experiment;
    EXPECT_TRUE(store_
                    ->Read([&](store::Reader& reader) {
                      for (const auto& claim : store::ReadClaims(reader, key)) {
                        found.push_back(claim.outcome);
                      }
                      return absl::OkStatus();
                    })
                    .ok());
    return found;
  };
  for (const double length : {4.0, 6.0}) {
    EXPECT_THAT(outcomes(), ElementsAre("pending", "pending"));
    const AttemptKey key = worker.Given().key;
    worker.Begin(key);
    worker.Record(key, 1, {PointItem(1, length)});
    worker.Succeed(key, 1);
  }
  EXPECT_THAT(outcomes(), ElementsAre("holds", "fails"));
}

TEST_F(RecordTest, RetryTakesClaimsBack) {
  const std::string id = Submit(
      "claims: [{that: long, value: weight_norm, reduce: mean,"
      " expect: {equals: 5}, source: us}]\n");
  ASSERT_TRUE(queue_->Cancel(id, {}, "users/ada", "", nullptr).ok());
  const auto read = [&] {
    std::string outcome;
    EXPECT_TRUE(store_
                    ->Read([&](store::Reader& reader) {
                      const auto key = store::FindExperiment(reader, id);
                      outcome = store::ReadClaims(reader, *key).at(0).outcome;
                      return absl::OkStatus();
                    })
                    .ok());
    return outcome;
  };
  EXPECT_EQ(read(), "undecided");
  EXPECT_EQ(queue_->Retry(id, {}, "users/ada", nullptr)->runs, 1);
  EXPECT_EQ(read(), "pending");
  EXPECT_EQ(State(id), "queued");
}

TEST_F(RecordTest, ALongRecordIsLoadedInPartsThatMakeTheWhole) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  int64_t ordinal = 1;
  for (int i = 0; i < 70; ++i, ordinal += 2) {
    worker.Record(key, ordinal, {PointItem(i, 0.5 * i), LogItem("slow")});
  }
  worker.Succeed(key, ordinal - 1);
  const auto run = Row(id).key;
  RecordLoader loader(run);
  int parts = 1;
  const absl::Status status =
      store_->Read([&](store::Reader& reader) -> absl::Status {
        auto has_more = loader.Continue(reader);
        for (; has_more.ok() && *has_more; ++parts) {
          has_more = loader.Continue(reader);
        }
        return has_more.status();
      });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(parts, 3);
  const auto whole = Record(id);
  const auto items = loader.Take();
  ASSERT_EQ(items.size(), whole.size());
  RecordComparer comparer(whole);
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(comparer.Compare(static_cast<int64_t>(i) + 1, items[i]),
              std::nullopt);
  }
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/bob", nullptr).ok());
  Settle();
  const WorkAssignment given = worker.Given();
  ASSERT_TRUE(given.verify);
  worker.Begin(given.key);
  worker.Record(given.key, 1, whole);
  worker.Succeed(given.key, std::ssize(whole));
  EXPECT_EQ(Verification(id, 1).outcome, "equal");
}

TEST_F(RecordTest, VerificationOfTheSameItemsIsEqual) {
  Worker worker = Attach(1);
  const std::string id = Succeeded(worker);
  const auto made = queue_->Verify({id, 0}, false, "users/bob", nullptr);
  ASSERT_TRUE(made.ok()) << made.status();
  const WorkAssignment given = worker.Given();
  EXPECT_TRUE(given.verify);
  EXPECT_EQ(given.key.attempt, RunName({id, 0}).Verification(1));
  worker.Begin(given.key);
  worker.Record(given.key, 1, Items());
  worker.Succeed(given.key, 4);
  EXPECT_EQ(Verification(id, 1).outcome, "equal");
  EXPECT_EQ(Verification(id, 1).items_compared, 4);
  EXPECT_EQ(State(id), "succeeded");
  EXPECT_EQ(Row(id).attempt, 1);
}

TEST_F(RecordTest, VerificationNamesTheFirstDifference) {
  Worker worker = Attach(1);
  const std::string id = Succeeded(worker);
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/bob", nullptr).ok());
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 1, {PointItem(1, 0.5), PointItem(2, 1)});
  EXPECT_EQ(Verification(id, 1).outcome, "different");
  EXPECT_EQ(Verification(id, 1).difference,
            "item 2, series weight_norm at trial 2: stored 0.75, now 1");
  EXPECT_EQ(Verification(id, 1).items_compared, 1);
  EXPECT_THAT(worker.link->stopped(), ElementsAre(key));
}

TEST_F(RecordTest, VerificationComparesTheResultHashLast) {
  Worker worker = Attach(1);
  const std::string id = Succeeded(worker);
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/bob", nullptr).ok());
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 1, Items());
  worker.Succeed(key, 4, "r1:other");
  EXPECT_EQ(Verification(id, 1).difference,
            "result hash: stored r1:same, now r1:other");
}

TEST_F(RecordTest, VerificationNeedsARunThatSucceededAndItsBuild) {
  const std::string waiting = Submit();
  EXPECT_EQ(
      queue_->Verify({waiting, 0}, false, "users/a", nullptr).status().code(),
      absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(queue_->Cancel(waiting, {}, "users/ada", "", nullptr).ok());
  Worker worker = Attach(1);
  const std::string id = Succeeded(worker);
  options_.build = "build-2";
  Restart();
  const auto other = queue_->Verify({id, 0}, false, "users/bob", nullptr);
  EXPECT_EQ(other.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(other.status().message()), HasSubstr("--current"));
  EXPECT_TRUE(queue_->Verify({id, 0}, true, "users/bob", nullptr).ok());
  EXPECT_EQ(queue_->Status().queued_runs, 1);
}

TEST_F(RecordTest, ExperimentIsNotDeletedWhileItIsVerified) {
  Worker worker = Attach(1);
  const std::string id = Succeeded(worker);
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/bob", nullptr).ok());
  EXPECT_EQ(Delete(id).code(), absl::StatusCode::kFailedPrecondition);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 1, Items());
  worker.Succeed(key, 4);
  EXPECT_TRUE(Delete(id).ok());
}

TEST_F(RecordTest, VerificationWithoutItsRunKeepsNobodyWaiting) {
  Worker worker = Attach(1);
  const std::string id = Succeeded(worker);
  queue_->WorkerEnded(1, {"exited with status 0", 0, false});
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/bob", nullptr).ok());
  TakeAway(id);
  const std::string next = Submit();
  Attach(2);
  Settle();
  EXPECT_EQ(State(next), "starting");
  EXPECT_EQ(queue_->Status().queued_runs, 0);
}

TEST_F(RecordTest, VerificationThatLosesItsRunIsForgotten) {
  Worker worker = Attach(1);
  const std::string id = Succeeded(worker);
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/bob", nullptr).ok());
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  worker.Record(key, 1, Items());
  TakeAway(id);
  worker.Succeed(key, 4);
  EXPECT_EQ(worker.link->acknowledged(), worker.events);
  EXPECT_FALSE(worker.link->closed().has_value());
  EXPECT_EQ(queue_->Status().running_runs, 0);
}

TEST_F(RecordTest, WorkerMayEndWhileItsReportIsRefused) {
  const std::string id = Submit();
  Worker worker = Attach(1);
  const AttemptKey key = worker.Given().key;
  worker.Begin(key);
  std::promise<void> go, refused, ended;
  store_->WriteAsync(
      [&](store::Transaction&) {
        go.get_future().wait();
        return absl::OkStatus();
      },
      [](const absl::Status&) {});
  // A gap in the items, which its own commit turns into the end of the run.
  queue_->Heard(1, {2, key, ItemsReport{5, {PointItem(1, 0.5)}}});
  store_->WriteAsync([](store::Transaction&) { return absl::OkStatus(); },
                     [&](const absl::Status&) {
                       refused.set_value();
                       ended.get_future().wait();
                     });
  go.set_value();
  refused.get_future().wait();
  queue_->WorkerEnded(1, {"was killed by signal 9", 0, false});
  ended.set_value();
  Settle();
  EXPECT_EQ(State(id), "failed");
  EXPECT_EQ(Row(id).error_reason, "INTERNAL");
}

TEST_F(RecordTest, VerificationSurvivesARestart) {
  Worker worker = Attach(1);
  const std::string id = Succeeded(worker);
  ASSERT_TRUE(queue_->Verify({id, 0}, false, "users/bob", nullptr).ok());
  Settle();
  Restart();
  Worker next = Attach(2);
  EXPECT_TRUE(next.Given().verify);
}

}  // namespace
}  // namespace engram
