#include <ctime>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/listing.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

// Processor time of the process. Bounds are several times what the work takes
// on a slow core with a sanitizer: they catch a missing index or a commit a
// row, and a busy machine does not count.
class Stopwatch {
 public:
  double seconds() const {
    return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC;
  }

 private:
  std::clock_t start_ = std::clock();
};

class SpeedTest : public ::testing::Test {
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

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = folder_.Open();
};

TEST_F(SpeedTest, ALargeSweepIsOneCommit) {
  const std::vector<NewRun> runs = Sweep(10'000);
  const int64_t commits = store_->commit_count();
  const Stopwatch watch;
  Submit(*store_, SomeExperiment('a', 10'000), runs);
  RecordProperty("seconds", absl::StrCat(watch.seconds()));
  EXPECT_EQ(store_->commit_count() - commits, 1);
  EXPECT_LT(watch.seconds(), 10.0);
}

TEST_F(SpeedTest, StateChangesOfManyRunsShareCommits) {
  const std::vector<RunKey> runs = SubmitSome(*store_, 'a', 500);
  const int64_t commits = store_->commit_count();
  const Stopwatch watch;
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
  RecordProperty("seconds", absl::StrCat(watch.seconds()));
  EXPECT_LT(store_->commit_count() - commits, 1500);
  EXPECT_LT(watch.seconds(), 10.0);
}

TEST_F(SpeedTest, ManyChangesInOneTransactionCostTenTimesATenthOfThem) {
  const auto seconds_of = [&](char letter, int count) {
    const std::vector<RunKey> runs = SubmitSome(*store_, letter, count);
    const Stopwatch watch;
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
    return watch.seconds();
  };
  seconds_of('a', 100);  // prepares the statements
  const double tenth = seconds_of('b', 3000);
  EXPECT_LT(seconds_of('c', 30'000), 30 * tenth);
}

TEST_F(SpeedTest, AFirstPageOfManyRunsIsQuick) {
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
    const Stopwatch watch;
    const auto page = Ask(
        *store_, [&](Reader& r) { return ListRuns(r, std::nullopt, query); });
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_GE(page->rows.size(), 50u);
    RecordProperty("seconds", absl::StrCat(watch.seconds()));
    EXPECT_LT(watch.seconds(), 1.0) << query.filter;
  }
}

}  // namespace
}  // namespace engram::store
