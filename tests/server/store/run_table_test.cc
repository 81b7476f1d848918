#include "server/store/run_table.h"

#include "core/base/contract.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/array_table.h"
#include "server/store/series_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(RunTableTest, NewRunsAreQueuedWithTheirFirstTransition) {
  StoreFolder folder;
  auto store = folder.Open();
  const std::vector<RunKey> runs = SubmitSome(*store, 'a', 3);
  const RunRow row =
      Ask(*store, [&](Reader& r) { return ReadRun(r, runs[2]); });
  EXPECT_EQ(row.experiment_id, "aaaaaaaaaa");
  EXPECT_EQ(row.user, "ada");
  EXPECT_EQ(row.point, 2);
  EXPECT_EQ(row.seed, 3u);
  EXPECT_EQ(row.state, "queued");
  EXPECT_EQ(row.state_reason, "submitted");
  EXPECT_EQ(row.create_time_us, kNoonUs);
  EXPECT_EQ(row.resources, (ResourceRow{1, 2'000'000'000, 0}));
  const auto transitions =
      Ask(*store, [&](Reader& r) { return ReadTransitions(r, runs[2]); });
  ASSERT_EQ(transitions.size(), 1u);
  EXPECT_EQ(transitions[0].from, "");
  EXPECT_EQ(transitions[0].to, "queued");
  EXPECT_EQ(transitions[0].actor, "users/ada");
}

TEST(RunTableTest, TreesComeBackToTheLetterAndAreSmall) {
  StoreFolder folder;
  auto store = folder.Open();
  ExperimentRow experiment = SomeExperiment('a', 1);
  for (int i = 0; i < 200; ++i)
    absl::StrAppend(&experiment.canonical_json, ",\"parameter", i,
                    "\":", i * 0.37);
  NewRun run = SomeRuns(1)[0];
  run.tree_json = experiment.canonical_json + ",\"seed\":7";
  const RunKey key = Submit(*store, experiment, {run})[0];
  EXPECT_EQ(*Ask(*store, [&](Reader& r) { return ReadTree(r, key); }),
            run.tree_json);
}

StateChange Starting() {
  return {.from = "queued",
          .to = "starting",
          .actor = "server",
          .reason = "assigned",
          .now_us = kNoonUs + 5,
          .attempt = 1,
          .fencing_token = 9,
          .worker = "workers/3"};
}

TEST(RunTableTest, AStateChangesOnceOnly) {
  StoreFolder folder;
  auto store = folder.Open();
  const RunKey run = SubmitSome(*store, 'a')[0];
  Do(*store, [&](Transaction& t) {
    EXPECT_TRUE(ChangeState(t, run, Starting()));
    EXPECT_FALSE(ChangeState(t, run, Starting()));
  });
  const RunRow row = Ask(*store, [&](Reader& r) { return ReadRun(r, run); });
  EXPECT_EQ(row.state, "starting");
  EXPECT_EQ(row.attempt, 1);
  EXPECT_EQ(row.fencing_token, 9);
  EXPECT_EQ(row.worker, "workers/3");
  EXPECT_EQ(
      Ask(*store, [&](Reader& r) { return ReadTransitions(r, run).size(); }),
      2u);
}

TEST(RunTableTest, AnEndHasATimeAndARetryTakesItBack) {
  StoreFolder folder;
  auto store = folder.Open();
  const RunKey run = SubmitSome(*store, 'a')[0];
  Do(*store, [&](Transaction& t) {
    EXPECT_TRUE(ChangeState(t, run,
                            {.from = "queued",
                             .to = "failed",
                             .actor = "server",
                             .now_us = kNoonUs,
                             .error_reason = "DIVERGED",
                             .start_time_us = kNoonUs - 10,
                             .end_time_us = kNoonUs}));
  });
  EXPECT_EQ(Ask(*store, [&](Reader& r) { return ReadRun(r, run); }).end_time_us,
            kNoonUs);
  Do(*store, [&](Transaction& t) {
    EXPECT_TRUE(ChangeState(t, run,
                            {.from = "failed",
                             .to = "queued",
                             .actor = "users/ada",
                             .reason = "retried",
                             .now_us = kNoonUs + 1,
                             .start_time_us = kNoonUs + 1}));
    ClearRecord(t, run);
  });
  const RunRow row = Ask(*store, [&](Reader& r) { return ReadRun(r, run); });
  EXPECT_EQ(row.end_time_us, std::nullopt);
  EXPECT_EQ(row.error_reason, "");
  EXPECT_EQ(row.start_time_us, kNoonUs - 10) << "the first start stays";
}

TEST(RunTableTest, AStateThatIsNoneIsABrokenPromise) {
  StoreFolder folder;
  auto store = folder.Open();
  const RunKey run = SubmitSome(*store, 'a')[0];
  Do(*store, [&](Transaction& t) {
    EXPECT_THROW(ChangeState(t, run, {.from = "queued", .to = "done"}),
                 ContractViolation);
    EXPECT_THROW(ChangeState(t, run, {.from = "queued", .to = "cancelled"}),
                 ContractViolation)
        << "an end without its time";
  });
}

TEST(RunTableTest, ClearRecordRemovesWhatWasRecordedAndNothingElse) {
  StoreFolder folder;
  auto store = folder.Open();
  const std::vector<RunKey> runs = SubmitSome(*store, 'a', 2);
  Do(*store, [&](Transaction& t) {
    for (const RunKey run : runs) {
      const SeriesPoint point{1, 2, ""};
      ASSERT_TRUE(
          AppendPoints(t, run, {.name = "norm"}, {&point, 1}, kNoonUs).ok());
      StoreArray(t, {run, "weights", -1, {}});
      StoreSummary(t, run, {"length", "1", 10, ""});
      SetStoredOrdinal(t, run, 3);
    }
    ClearRecord(t, runs[0]);
  });
  Ask(*store, [&](Reader& r) {
    EXPECT_TRUE(ReadSeriesList(r, runs[0]).empty());
    EXPECT_TRUE(ReadArrays(r, runs[0]).empty());
    EXPECT_TRUE(ReadSummary(r, runs[0]).empty());
    EXPECT_EQ(ReadRun(r, runs[0]).stored_ordinal, 0);
    EXPECT_EQ(ReadRun(r, runs[0]).stored_bytes, 0);
    EXPECT_EQ(ReadVarying(r, runs[0]).size(), 1u);
    EXPECT_EQ(ReadSeriesList(r, runs[1]).size(), 1u);
    EXPECT_EQ(ReadSummary(r, runs[1]).size(), 1u);
    return 0;
  });
}

TEST(RunTableTest, KeepsVaryingAndSummaryValuesWithTheirTypes) {
  StoreFolder folder;
  auto store = folder.Open();
  NewRun run = SomeRuns(1)[0];
  run.varying = {{"experiment.rule.type", "hebbian"}, {"seed", 3.0}};
  const RunKey key = Submit(*store, SomeExperiment('a'), {run})[0];
  const SummaryRow length{"length", "1", 9.5, ""};
  const SummaryRow order{"order", "1", 0, "no item was active"};
  Do(*store, [&](Transaction& t) {
    StoreSummary(t, key, {"length", "1", 1, ""});
    StoreSummary(t, key, length);
    StoreSummary(t, key, order);
  });
  Ask(*store, [&](Reader& r) {
    EXPECT_EQ(ReadVarying(r, key), run.varying);
    EXPECT_THAT(ReadSummary(r, key), ElementsAre(length, order));
    return 0;
  });
}

TEST(RunTableTest, AMissingPointSaysWhichThereAre) {
  StoreFolder folder;
  auto store = folder.Open();
  SubmitSome(*store, 'a', 3);
  const absl::Status status = Ask(*store, [](Reader& r) {
    return FindRun(r, *FindExperiment(r, "aaaaaaaaaa"), 17).status();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("0 to 2"));
}

TEST(RunTableTest, ReadsRunsInSomeStates) {
  StoreFolder folder;
  auto store = folder.Open();
  const std::vector<RunKey> runs = SubmitSome(*store, 'a', 3);
  Do(*store, [&](Transaction& t) { ChangeState(t, runs[1], Starting()); });
  const std::string asked[] = {"starting"};
  Ask(*store, [&](Reader& r) {
    const ExperimentKey key = *FindExperiment(r, "aaaa");
    const auto rows = ReadRuns(r, key, asked);
    EXPECT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].key, runs[1]);
    EXPECT_EQ(ReadRuns(r, key).size(), 3u);
    EXPECT_THAT(StateCounts(r, key),
                ElementsAre(std::pair("queued", 2), std::pair("starting", 1)));
    return 0;
  });
}

}  // namespace
}  // namespace engram::store
