#include "server/watch/watcher.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/experiment_table.h"
#include "server/store/log_table.h"
#include "server/store/run_table.h"
#include "server/store/store.h"
#include "server/watch/live_items.h"
#include "tests/server/watch/watch_fixture.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

// A store with one experiment of two runs: events 1 and 2.
class WatcherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "/engram-watcher-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    store::StoreOptions options;
    options.folder = folder_;
    auto store = store::Store::Open(std::move(options));
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    Write([&](store::Transaction& to) {
      store::ExperimentRow row;
      row.id = "aaaaaaaaaa";
      row.user = "ada";
      row.run_count = 2;
      row.canonical_json = "{}";
      const auto key = store::InsertExperiment(to, row);
      ASSERT_TRUE(key.ok()) << key.status();
      std::vector<store::NewRun> runs(2);
      runs[1].point = 1;
      runs[0].tree_json = runs[1].tree_json = "{}";
      runs_ =
          store::InsertRuns(to, *key, runs, {}, "users/ada", "submitted", 1);
    });
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Write(const std::function<void(store::Transaction&)>& work) {
    const absl::Status status = store_->Write([&](store::Transaction& to) {
      work(to);
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  void Log(int run, int count, int64_t time_us) {
    Write([&](store::Transaction& to) {
      for (int i = 0; i < count; ++i) {
        store::AppendLog(to, runs_[std::size_t(run)],
                         {0, time_us, 1, "info", absl::StrCat("line ", i)});
      }
    });
  }
  void Cancel(int run) {
    Write([&](store::Transaction& to) {
      store::StateChange change;
      change.from = "queued";
      change.to = "cancelled";
      change.actor = "server";
      change.reason = "test";
      change.now_us = 3;
      change.end_time_us = 3;
      EXPECT_TRUE(store::ChangeState(to, runs_[std::size_t(run)], change));
    });
  }
  absl::Status Prepare(Watcher& watcher) {
    return store_->Read(
        [&](store::Reader& reader) { return watcher.Prepare(reader); });
  }
  v1::WatchResponse History(Watcher& watcher, std::size_t max_bytes) {
    v1::WatchResponse response;
    const absl::Status status = store_->Read([&](store::Reader& reader) {
      watcher.FillHistory(reader, PlainMessages(), max_bytes, response);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::vector<store::RunKey> runs_;
};

// The end of the run is stored and not yet sent: whoever went away now would
// have missed it.
TEST_F(WatcherTest, IsDoneOnlyWhenTheEndWasSent) {
  Cancel(0);
  Cancel(1);
  Watcher watcher({.filter = {}, .from_sequence = 2, .until_done = true});
  ASSERT_TRUE(Prepare(watcher).ok());
  EXPECT_FALSE(watcher.is_done());
  EXPECT_EQ(History(watcher, 1 << 20).events_size(), 2);
  EXPECT_TRUE(watcher.is_done());
}

TEST_F(WatcherTest, ARunThatIsQueuedAgainIsNotDone) {
  Cancel(0);
  Watcher watcher(
      {.filter = {.experiments = {}, .runs = {{"aaaaaaaaaa", 0}}, .kinds = {}},
       .from_sequence = 0,
       .until_done = true});
  ASSERT_TRUE(Prepare(watcher).ok());
  History(watcher, 1 << 20);
  EXPECT_TRUE(watcher.is_done());
  Write([&](store::Transaction& to) {
    store::StateChange change;
    change.from = "cancelled";
    change.to = "queued";
    change.actor = "users/ada";
    change.reason = "retried";
    change.now_us = 4;
    EXPECT_TRUE(store::ChangeState(to, runs_[0], change));
  });
  History(watcher, 1 << 20);
  EXPECT_FALSE(watcher.is_done());
}

TEST_F(WatcherTest, ASequenceThatWasNeverGivenIsRefused) {
  Watcher watcher({.filter = {}, .from_sequence = 3, .until_done = false});
  const absl::Status status = Prepare(watcher);
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(status.message()), HasSubstr("the newest is 2"));
}

// More than is read at a time, in one change: still one response.
TEST_F(WatcherTest, WhatCameTogetherIsReadBackTogetherHoweverMuchItIs) {
  Log(0, 3000, 5);
  Log(0, 10, 6);
  Watcher watcher({.filter = {}, .from_sequence = 2, .until_done = false});
  ASSERT_TRUE(Prepare(watcher).ok());
  EXPECT_EQ(History(watcher, 1).events_size(), 3000);
  EXPECT_EQ(History(watcher, 1).events_size(), 10);
}

TEST_F(WatcherTest, APageEndsBetweenMoments) {
  for (int moment = 0; moment < 20; ++moment) Log(0, 100, 10 + moment);
  Watcher watcher({.filter = {}, .from_sequence = 2, .until_done = false});
  ASSERT_TRUE(Prepare(watcher).ok());
  EXPECT_EQ(History(watcher, 1 << 20).events_size(), 1000);
  EXPECT_EQ(History(watcher, 1 << 20).events_size(), 1000);
  EXPECT_EQ(watcher.last(), 2002);
}

// Ten thousand runs, of which none has ended.
TEST_F(WatcherTest, HoldsLittleForEachRun) {
  Write([&](store::Transaction& to) {
    store::ExperimentRow row;
    row.id = "bbbbbbbbbb";
    row.user = "ada";
    row.run_count = 10'000;
    row.canonical_json = "{}";
    const auto key = store::InsertExperiment(to, row);
    ASSERT_TRUE(key.ok()) << key.status();
    std::vector<store::NewRun> runs(10'000);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      runs[i].point = static_cast<int64_t>(i);
      runs[i].tree_json = "{}";
    }
    store::InsertRuns(to, *key, runs, {}, "users/ada", "submitted", 1);
  });
  Watcher patient({.filter = {}, .from_sequence = -1, .until_done = true});
  ASSERT_TRUE(Prepare(patient).ok());
  EXPECT_TRUE(patient.owes_present());
  EXPECT_LT(patient.held_bytes(), 1u << 20);
  Watcher brief({.filter = {}, .from_sequence = 0, .until_done = false});
  ASSERT_TRUE(Prepare(brief).ok());
  EXPECT_LT(brief.held_bytes(), 1u << 10);
}

std::shared_ptr<const v1::Event> LiveEvent(const std::string& name) {
  auto event = std::make_shared<v1::Event>();
  event->mutable_live()->set_name(name);
  return event;
}

TEST(LiveItemsTest, TheNewestOfEachNameIsKept) {
  LiveItems items;
  items.Put({"aaaaaaaaaa", 0}, LiveEvent("rates"), 10);
  const auto newer = LiveEvent("rates");
  items.Put({"aaaaaaaaaa", 0}, newer, 20);
  items.Put({"aaaaaaaaaa", 1}, LiveEvent("rates"), 5);
  EXPECT_EQ(items.bytes(), 25u);
  const auto taken = items.Take();
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0], newer);
  EXPECT_TRUE(items.empty());
  EXPECT_EQ(items.bytes(), 0u);
}

TEST(LiveItemsTest, NumberAndBytesAreBounded) {
  LiveItems items;
  for (int i = 0; i < 1000; ++i) {
    items.Put({"aaaaaaaaaa", i}, LiveEvent(""), 10);
  }
  EXPECT_EQ(items.Take().size(), LiveItems::kMaxItems);
  items.Put({"aaaaaaaaaa", 0}, LiveEvent(""), LiveItems::kMaxBytes + 1);
  EXPECT_TRUE(items.empty());
  items.Put({"aaaaaaaaaa", 0}, LiveEvent(""), LiveItems::kMaxBytes);
  items.Put({"aaaaaaaaaa", 1}, LiveEvent(""), 1);
  EXPECT_EQ(items.bytes(), LiveItems::kMaxBytes);
}

}  // namespace
}  // namespace engram
