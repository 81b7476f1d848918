#include "server/store/experiment_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/claim_table.h"
#include "server/store/series_table.h"
#include "server/store/verification_table.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ExperimentKey KeyOf(Store& store, const std::string& id) {
  return *Ask(store, [&](Reader& r) { return FindExperiment(r, id); });
}

TEST(ExperimentTableTest, GivesBackEveryColumn) {
  StoreFolder folder;
  auto store = folder.Open();
  ExperimentRow row = SomeExperiment('a');
  row.tags = {"thesis"};
  row.notes = "first try";
  row.priority = -3;
  row.urgent = true;
  row.preset = "flagship";
  row.after = "bbbbbbbbbb";
  row.constants = {{"experiment.network.units", 100.0},
                   {"experiment.rule.type", "oja"}};
  row.record.set_metrics_every(5);
  SubmitSome(*store, 'b');
  Submit(*store, row, SomeRuns(1));
  const ExperimentRow read = Ask(*store, [&](Reader& r) {
    return ReadExperiment(r, *FindExperiment(r, "aaaaaaaaaa"), true);
  });
  EXPECT_EQ(read.title, row.title);
  EXPECT_EQ(read.user, "ada");
  EXPECT_EQ(read.text, row.text);
  EXPECT_EQ(read.canonical_json, row.canonical_json);
  EXPECT_EQ(read.experiment_hash, "e1:a");
  EXPECT_EQ(read.axes, row.axes);
  EXPECT_EQ(read.create_time_us, kNoonUs);
  EXPECT_EQ(read.end_time_us, std::nullopt);
  EXPECT_EQ(read.tags, row.tags);
  EXPECT_EQ(read.notes, row.notes);
  EXPECT_EQ(read.priority, -3);
  EXPECT_TRUE(read.urgent);
  EXPECT_EQ(read.resources, row.resources);
  EXPECT_EQ(read.preset, "flagship");
  EXPECT_EQ(read.after, "bbbbbbbbbb");
  EXPECT_EQ(read.constants, row.constants);
  EXPECT_EQ(read.record.metrics_every(), 5);
}

TEST(ExperimentTableTest, IsFoundByAUniquePrefix) {
  StoreFolder folder;
  auto store = folder.Open();
  ExperimentRow first = SomeExperiment('a');
  first.id = "k7m2q9xw4p";
  ExperimentRow second = SomeExperiment('b');
  second.id = "k7m2zzzzzz";
  Submit(*store, first, SomeRuns(1));
  Submit(*store, second, SomeRuns(1));
  const auto find = [&](const char* id) {
    return Ask(*store, [&](Reader& r) { return FindExperiment(r, id); });
  };
  EXPECT_TRUE(find("k7m2q").ok());
  EXPECT_THAT(find("k7m2").status().message(),
              HasSubstr("k7m2q9xw4p, k7m2zzzzzz"));
  EXPECT_THAT(find("k7m").status().message(), HasSubstr("too short"));
  EXPECT_EQ(find("k7m2q9xw4q").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(find("k7m2q9xw4q").status().message(),
              HasSubstr("did you mean k7m2q9xw4p?"));
  EXPECT_FALSE(find("%").ok());
}

TEST(ExperimentTableTest, AnIdIsTakenOnce) {
  StoreFolder folder;
  auto store = folder.Open();
  SubmitSome(*store, 'a');
  EXPECT_EQ(store
                ->Write([](Transaction& t) {
                  return InsertExperiment(t, SomeExperiment('a')).status();
                })
                .code(),
            absl::StatusCode::kAlreadyExists);
}

TEST(ExperimentTableTest, NotesChangeOnlyUnderTheRightEtag) {
  StoreFolder folder;
  auto store = folder.Open();
  SubmitSome(*store, 'a');
  const ExperimentKey key = KeyOf(*store, "aaaa");
  const std::string etag =
      Ask(*store, [&](Reader& r) { return ReadExperiment(r, key).etag; });
  const auto update = [&](const std::string& with) {
    return store->Write([&](Transaction& t) {
      return UpdateNotes(t, key, with, "good", {"x", "thesis"}, kNoonUs)
          .status();
    });
  };
  EXPECT_TRUE(update(etag).ok());
  EXPECT_EQ(update(etag).code(), absl::StatusCode::kAborted);
  const ExperimentRow row =
      Ask(*store, [&](Reader& r) { return ReadExperiment(r, key); });
  EXPECT_NE(row.etag, etag);
  EXPECT_EQ(row.notes, "good");
  EXPECT_THAT(row.tags, ElementsAre("thesis", "x"));
  EXPECT_THAT(Ask(*store, [](Reader& r) { return AllTags(r); }),
              ElementsAre("thesis", "x"));
}

TEST(ExperimentTableTest, IsDeletedWithAllThatItsRunsLeft) {
  StoreFolder folder;
  auto store = folder.Open();
  const RunKey run = SubmitSome(*store, 'a')[0];
  SubmitSome(*store, 'b');
  const ExperimentKey key = KeyOf(*store, "aaaa");
  const auto remove = [&] {
    return store->Write(
        [&](Transaction& t) { return DeleteExperiment(t, key); });
  };
  EXPECT_EQ(remove().code(), absl::StatusCode::kFailedPrecondition);
  Do(*store, [&](Transaction& t) {
    const SeriesPoint point{1, 2, ""};
    ASSERT_TRUE(
        AppendPoints(t, run, {.name = "norm"}, {&point, 1}, kNoonUs).ok());
    ChangeState(t, run,
                {.from = "queued",
                 .to = "cancelled",
                 .actor = "users/ada",
                 .end_time_us = kNoonUs});
  });
  EXPECT_TRUE(remove().ok());
  Ask(*store, [](Reader& r) {
    EXPECT_FALSE(FindExperiment(r, "aaaa").ok());
    for (const StoredEvent& event : ReadEvents(r, {}))
      EXPECT_EQ(event.experiment_id, "bbbbbbbbbb");
    EXPECT_EQ(LastSequence(r), 4) << "numbers are not used again";
    return 0;
  });
  EXPECT_THAT(store->Check(/*deep=*/true)->problems, IsEmpty());
}

TEST(ExperimentTableTest, IsNotDeletedWhileARunIsVerified) {
  StoreFolder folder;
  auto store = folder.Open();
  const RunKey run = SubmitSome(*store, 'a')[0];
  const RunKey other = SubmitSome(*store, 'b')[0];
  const ExperimentKey key = KeyOf(*store, "aaaa");
  VerificationRow verification;
  verification.run = run;
  verification.build = "build-1";
  verification.actor = "users/ada";
  Do(*store, [&](Transaction& t) {
    for (const RunKey ended : {run, other}) {
      ChangeState(t, ended,
                  {.from = "queued",
                   .to = "cancelled",
                   .actor = "users/ada",
                   .end_time_us = kNoonUs});
    }
    verification.number = InsertVerification(t, verification);
  });
  const auto remove = [&](ExperimentKey which) {
    return store->Write(
        [&](Transaction& t) { return DeleteExperiment(t, which); });
  };
  const absl::Status refused = remove(key);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refused.message(), HasSubstr("1 verifications"));
  EXPECT_TRUE(remove(KeyOf(*store, "bbbb")).ok());
  verification.outcome = "equal";
  Do(*store, [&](Transaction& t) { UpdateVerification(t, verification); });
  EXPECT_TRUE(remove(key).ok());
}

TEST(ExperimentTableTest, CountsTheRunsOfAUserThatWait) {
  StoreFolder folder;
  auto store = folder.Open();
  const std::vector<RunKey> runs = SubmitSome(*store, 'a', 3);
  SubmitSome(*store, 'b', 2);
  Do(*store, [&](Transaction& t) {
    ChangeState(t, runs[0],
                {.from = "queued", .to = "starting", .actor = "workers/1"});
  });
  EXPECT_EQ(Ask(*store, [](Reader& r) { return QueuedRunsOfUser(r, "ada"); }),
            4);
  EXPECT_EQ(Ask(*store, [](Reader& r) { return QueuedRunsOfUser(r, "bob"); }),
            0);
}

TEST(ExperimentTableTest, IsOpenUntilItsEndAndItsClaimsAreStored) {
  StoreFolder folder;
  auto store = folder.Open();
  const RunKey run = SubmitSome(*store, 'a')[0];
  const ExperimentKey key = KeyOf(*store, "aaaa");
  ClaimRow claim;
  claim.definition.set_that("it holds");
  const auto open = [&] {
    return Ask(*store, [](Reader& r) { return OpenExperiments(r); });
  };
  Do(*store, [&](Transaction& t) {
    InsertClaims(t, key, {&claim, 1});
    ChangeState(t, run,
                {.from = "queued",
                 .to = "cancelled",
                 .actor = "users/ada",
                 .end_time_us = kNoonUs});
    SetExperimentEnd(t, key, kNoonUs);
  });
  EXPECT_THAT(open(), ElementsAre(key)) << "a claim is pending";
  claim.outcome = "undecided";
  claim.reason = "no run succeeded";
  Do(*store, [&](Transaction& t) { StoreClaimResult(t, key, claim, kNoonUs); });
  EXPECT_THAT(open(), IsEmpty());
}

}  // namespace
}  // namespace engram::store
