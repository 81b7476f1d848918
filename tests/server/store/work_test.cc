#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/listing.h"
#include "tests/server/store/statement_work.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

// Steps of SQLite's virtual machine, about twice what was counted: a missing
// index or a search for each row takes many times as much.
constexpr int64_t kStepsOfANewRun = 1000;
constexpr int64_t kStepsOfAListedRun = 25;

class WorkTest : public ::testing::Test {
 protected:
  static std::vector<NewRun> Sweep(int64_t count) {
    std::vector<NewRun> runs = SomeRuns(count);
    for (NewRun& run : runs) {
      run.varying.push_back(
          {"experiment.rule.eta", 0.001 * static_cast<double>(run.point % 97)});
      run.varying.push_back(
          {"experiment.rule.type", run.point % 3 == 0 ? "oja" : "hebbian"});
    }
    return runs;
  }

  StatementWork work_;
  StoreFolder folder_;
  std::unique_ptr<Store> store_ = folder_.Open();
};

TEST_F(WorkTest, ALargeSweepIsOneCommit) {
  const std::vector<NewRun> runs = Sweep(10'000);
  const int64_t commits = store_->commit_count();
  const int64_t steps = work_.steps();
  Submit(*store_, SomeExperiment('a', 10'000), runs);
  EXPECT_EQ(store_->commit_count() - commits, 1);
  EXPECT_LT(work_.steps() - steps, 10'000 * kStepsOfANewRun);
}

TEST_F(WorkTest, StateChangesOfManyRunsShareCommits) {
  const std::vector<RunKey> runs = SubmitSome(*store_, 'a', 500);
  const int64_t commits = store_->commit_count();
  for (const RunKey run : runs) {
    const auto change = [&](const char* from, const char* to) {
      store_->WriteAsync(
          [=](Transaction& t) {
            StateChange to_do{.from = from, .to = to, .actor = "server"};
            if (std::string(to) == "succeeded") to_do.end_time_us = kNoonUs;
            EXPECT_TRUE(ChangeState(t, run, to_do));
            return absl::OkStatus();
          },
          [](absl::Status status) { EXPECT_TRUE(status.ok()) << status; });
    };
    change("queued", "starting");
    change("starting", "running");
    change("running", "succeeded");
  }
  Do(*store_, [](Transaction&) {});
  EXPECT_LT(store_->commit_count() - commits, 1500);
}

TEST_F(WorkTest, ManyChangesInOneTransactionCostTenTimesATenthOfThem) {
  const auto steps_of = [&](char letter, int count) {
    const std::vector<RunKey> runs = SubmitSome(*store_, letter, count);
    const int64_t before = work_.steps();
    Do(*store_, [&](Transaction& t) {
      for (const RunKey run : runs) {
        EXPECT_TRUE(ChangeState(t, run,
                                {.from = "queued",
                                 .to = "cancelled",
                                 .actor = "users/ada",
                                 .now_us = kNoonUs,
                                 .end_time_us = kNoonUs}));
      }
    });
    return work_.steps() - before;
  };
  steps_of('a', 100);  // prepares the statements
  const int64_t tenth = steps_of('b', 1000);
  EXPECT_LT(steps_of('c', 10'000), 11 * tenth);
}

TEST_F(WorkTest, AFirstPageLooksAtEachRunOnceAtMost) {
  constexpr int kExperiments = 4;
  for (char letter = 'a'; letter < 'a' + kExperiments; ++letter)
    Submit(*store_, SomeExperiment(letter, 5000), Sweep(5000));
  const ListQuery queries[] = {
      {.filter = "rule.type = oja AND eta > 0.05", .order_by = "seed desc"},
      {.filter = "rule.type = oja AND eta = 0.05", .order_by = "eta"},
      {.filter = "rule.type != oja AND eta < 0.05", .order_by = "eta desc"},
      {.filter = "state = QUEUED AND user = ada"},
  };
  for (const ListQuery& query : queries) {
    const int64_t before = work_.steps();
    const auto page = Ask(
        *store_, [&](Reader& r) { return ListRuns(r, std::nullopt, query); });
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_GE(page->rows.size(), 50u);
    EXPECT_LT(work_.steps() - before, 4 * 5000 * kStepsOfAListedRun)
        << query.filter;
  }
}

}  // namespace
}  // namespace engram::store
