#include "server/store/event_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/attempt_table.h"
#include "server/store/log_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;

std::vector<int64_t> Sequences(Store& store, const EventQuery& query) {
  std::vector<int64_t> sequences;
  for (const StoredEvent& event :
       Ask(store, [&](Reader& r) { return ReadEvents(r, query); }))
    sequences.push_back(event.sequence);
  return sequences;
}

void End(Store& store, RunKey run, int64_t end_us) {
  Do(store, [&](Transaction& t) {
    EXPECT_TRUE(ChangeState(t, run,
                            {.from = "queued",
                             .to = "cancelled",
                             .actor = "users/ada",
                             .now_us = end_us,
                             .end_time_us = end_us}));
  });
}

TEST(EventTableTest, ReadsWhatTheListenerWasTold) {
  StoreFolder folder;
  auto store = folder.Open();
  std::vector<StoredEvent> told;
  store->SetCommitListener([&](std::vector<StoredEvent> events) {
    for (StoredEvent& event : events) told.push_back(std::move(event));
  });
  const RunKey run = SubmitSome(*store, 'a')[0];
  Do(*store, [&](Transaction& t) {
    AppendLog(t, run, {0, kNoonUs, 1, "warning", "slow"});
    StoreAttempt(t, {.run = run, .number = 1, .worker = "workers/3"}, kNoonUs);
  });
  const auto read = Ask(*store, [](Reader& r) { return ReadEvents(r, {}); });
  ASSERT_EQ(read.size(), told.size());
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].sequence, told[i].sequence);
    EXPECT_EQ(read[i].time_us, told[i].time_us);
    EXPECT_EQ(read[i].run, told[i].run);
    EXPECT_EQ(read[i].point, told[i].point);
    EXPECT_EQ(read[i].experiment_id, told[i].experiment_id);
    EXPECT_EQ(read[i].payload.SerializeAsString(),
              told[i].payload.SerializeAsString());
  }
  EXPECT_EQ(read[1].payload.log().text(), "slow");
  EXPECT_EQ(read[2].payload.attempt().worker(), "workers/3");
}

TEST(EventTableTest, ReadsFromANumberOnOfSomeExperimentsAndRuns) {
  StoreFolder folder;
  auto store = folder.Open();
  const std::vector<RunKey> a = SubmitSome(*store, 'a', 2);
  SubmitSome(*store, 'b', 2);
  const ExperimentKey b =
      *Ask(*store, [](Reader& r) { return FindExperiment(r, "bbbb"); });
  EXPECT_THAT(Sequences(*store, {}), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(Sequences(*store, {.after_sequence = 2}), ElementsAre(3, 4));
  EXPECT_THAT(Sequences(*store, {.experiments = {b}}), ElementsAre(3, 4));
  EXPECT_THAT(Sequences(*store, {.runs = {a[1]}}), ElementsAre(2));
  EXPECT_THAT(Sequences(*store, {.limit = 3}), ElementsAre(1, 2, 3));
}

TEST(EventTableTest, ForgetsEventsOfRunsThatEndedLongAgoAndSaysSo) {
  StoreFolder folder;
  auto store = folder.Open();
  const std::vector<RunKey> runs = SubmitSome(*store, 'a', 2);
  End(*store, runs[0], kNoonUs + 1000);
  int64_t forgotten = 0;
  Do(*store, [&](Transaction& t) {
    forgotten = ForgetEvents(t, kNoonUs + 2000, 1000);
  });
  EXPECT_EQ(forgotten, 2);
  EXPECT_THAT(Sequences(*store, {}), ElementsAre(2));
  EXPECT_EQ(Ask(*store, [](Reader& r) { return ForgottenSequence(r); }), 3);
  End(*store, runs[1], kNoonUs + 1000);
  EXPECT_THAT(Sequences(*store, {}), ElementsAre(2, 4));
}

TEST(EventTableTest, NumbersAreNeverUsedTwice) {
  StoreFolder folder;
  auto store = folder.Open();
  End(*store, SubmitSome(*store, 'a')[0], kNoonUs);
  Do(*store,
     [](Transaction& t) { ForgetEvents(t, kNoonUs + 86'400'000'000, 1000); });
  EXPECT_THAT(Sequences(*store, {}), ElementsAre());
  store.reset();
  store = folder.Open();
  SubmitSome(*store, 'b');
  EXPECT_THAT(Sequences(*store, {}), ElementsAre(3));
}

}  // namespace
}  // namespace engram::store
