#include "server/watch/event_hub.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/experiment_table.h"
#include "server/store/log_table.h"
#include "server/store/run_table.h"
#include "tests/server/watch/watch_fixture.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Takes responses; a test says when it is ready for the next.
class TestSink final : public WatchSink {
 public:
  void Send(v1::WatchResponse response) override {
    MutexLock lock(mu_);
    responses_.push_back(std::move(response));
    changed_.NotifyAll();
  }
  void Fail(const absl::Status& why) override {
    MutexLock lock(mu_);
    failure_ = why;
    changed_.NotifyAll();
  }
  v1::WatchResponse Wait(std::size_t number) {
    MutexLock lock(mu_);
    while (responses_.size() < number) changed_.Wait(mu_);
    return responses_[number - 1];
  }
  std::size_t count() {
    MutexLock lock(mu_);
    return responses_.size();
  }

 private:
  Mutex mu_;
  CondVar changed_;
  std::vector<v1::WatchResponse> responses_ GUARDED_BY(mu_);
  absl::Status failure_ GUARDED_BY(mu_);
};

class EventHubTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "/engram-watch-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    store::StoreOptions options;
    options.folder = folder_;
    auto store = store::Store::Open(std::move(options));
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    options_.clock = &clock_;
    options_.gather_us = 0;
    OpenHub();
    AddExperiment("aaaaaaaaaa");
  }
  void TearDown() override {
    hub_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void OpenHub() {
    hub_.reset();
    auto hub = EventHub::Open(options_, *store_, PlainMessages());
    ASSERT_TRUE(hub.ok()) << hub.status();
    hub_ = *std::move(hub);
  }

  void Write(const std::function<void(store::Transaction&)>& work) {
    const absl::Status status = store_->Write([&](store::Transaction& t) {
      work(t);
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  // An experiment with runs 0 and 1.
  void AddExperiment(const std::string& id) {
    Write([&](store::Transaction& transaction) {
      store::ExperimentRow row;
      row.id = id;
      row.user = "ada";
      row.run_count = 2;
      row.canonical_json = "{}";
      const auto key = store::InsertExperiment(transaction, row);
      ASSERT_TRUE(key.ok()) << key.status();
      std::vector<store::NewRun> runs(2);
      for (int i = 0; i < 2; ++i) {
        runs[static_cast<std::size_t>(i)].point = i;
        runs[static_cast<std::size_t>(i)].tree_json = "{}";
      }
      runs_[id] = store::InsertRuns(transaction, *key, runs, {}, "users/ada",
                                    "submitted", 1);
    });
  }

  void Log(const std::string& id, int point, const std::string& text,
           int64_t time_us = 2) {
    Write([&](store::Transaction& transaction) {
      store::AppendLog(transaction, runs_.at(id).at(std::size_t(point)),
                       {0, time_us, 1, "info", text});
    });
  }

  void Move(const std::string& id, int point, const std::string& from,
            const std::string& to) {
    Write([&](store::Transaction& transaction) {
      store::StateChange change;
      change.from = from;
      change.to = to;
      change.actor = "server";
      change.reason = "test";
      change.now_us = 3;
      if (to == "cancelled") change.end_time_us = 3;
      EXPECT_TRUE(store::ChangeState(
          transaction, runs_.at(id).at(std::size_t(point)), change));
    });
  }

  int64_t Watch(const std::shared_ptr<TestSink>& sink, int64_t from,
                bool until_done = false, WatchFilter filter = {}) {
    const auto id = hub_->Add({std::move(filter), from, until_done}, sink);
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or(0);
  }

  // The texts of the log lines of a response.
  static std::vector<std::string> Texts(const v1::WatchResponse& response) {
    std::vector<std::string> texts;
    for (const auto& event : response.events()) {
      if (event.has_log()) texts.push_back(event.log().text());
    }
    return texts;
  }

  std::filesystem::path folder_;
  TurnedClock clock_;
  EventHub::Options options_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<EventHub> hub_;
  std::map<std::string, std::vector<store::RunKey>> runs_;
};

TEST_F(EventHubTest, OrderedUniqueReliableOverHistoryAndPresent) {
  options_.recent_events = 4;  // so that both are needed
  options_.response_bytes = 60;
  OpenHub();
  for (int i = 0; i < 10; ++i) Log("aaaaaaaaaa", i % 2, absl::StrCat(i), i);
  auto sink = std::make_shared<TestSink>();
  const int64_t watcher = Watch(sink, 0);
  std::vector<int64_t> seen;
  for (std::size_t n = 1; seen.size() < 22; ++n) {
    const auto response = sink->Wait(n);
    for (const auto& event : response.events()) {
      seen.push_back(event.sequence());
    }
    if (seen.size() == 12) {
      for (int i = 0; i < 10; ++i) Log("aaaaaaaaaa", 0, "later", 50 + i);
    }
    hub_->Ready(watcher);
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i], static_cast<int64_t>(i) + 1);
  }
}

TEST_F(EventHubTest, AtomicOneRunsEventsOfACommitComeTogether) {
  options_.response_bytes = 1;
  OpenHub();
  auto sink = std::make_shared<TestSink>();
  const int64_t watcher = Watch(sink, -1);
  EXPECT_EQ(sink->Wait(1).events_size(), 1);  // the two present states
  hub_->Ready(watcher);
  EXPECT_EQ(sink->Wait(2).events_size(), 1);
  Write([&](store::Transaction& transaction) {
    for (const char* text : {"a", "b", "c"}) {
      store::AppendLog(transaction, runs_["aaaaaaaaaa"][0],
                       {0, 5, 1, "info", text});
    }
    store::AppendLog(transaction, runs_["aaaaaaaaaa"][1],
                     {0, 5, 1, "info", "other"});
  });
  hub_->Ready(watcher);
  EXPECT_THAT(Texts(sink->Wait(3)), ElementsAre("a", "b", "c"));
  hub_->Ready(watcher);
  EXPECT_THAT(Texts(sink->Wait(4)), ElementsAre("other"));
}

TEST_F(EventHubTest, ResumableFromWhereAnotherStreamEnded) {
  auto first = std::make_shared<TestSink>();
  Watch(first, 0);
  const int64_t bookmark = first->Wait(1).bookmark();
  EXPECT_EQ(bookmark, 2);
  Log("aaaaaaaaaa", 0, "next");
  auto second = std::make_shared<TestSink>();
  Watch(second, bookmark);
  EXPECT_THAT(Texts(second->Wait(1)), ElementsAre("next"));
  EXPECT_EQ(second->Wait(1).events_size(), 1);
}

TEST_F(EventHubTest, AfterASilenceABurstComesAtOnceAndTheRestIsGathered) {
  options_.gather_us = 50'000;
  options_.burst = 3;
  OpenHub();
  auto sink = std::make_shared<TestSink>();
  const int64_t watcher = Watch(sink, -1);
  sink->Wait(1);  // the present states: the first of the burst
  hub_->Ready(watcher);
  for (std::size_t n = 2; n <= 3; ++n) {
    Log("aaaaaaaaaa", 0, absl::StrCat(n));
    EXPECT_THAT(Texts(sink->Wait(n)), ElementsAre(absl::StrCat(n)));
    hub_->Ready(watcher);
  }
  Log("aaaaaaaaaa", 0, "4");
  Log("aaaaaaaaaa", 0, "5");
  clock_.Advance(50'000);
  hub_->Wake();
  EXPECT_THAT(Texts(sink->Wait(4)), ElementsAre("4", "5"));
}

TEST_F(EventHubTest, BookmarkedEveryFifteenSeconds) {
  WatchFilter other;
  AddExperiment("bbbbbbbbbb");
  other.experiments = {"bbbbbbbbbb"};
  auto sink = std::make_shared<TestSink>();
  const int64_t watcher = Watch(sink, -1, false, other);
  sink->Wait(1);
  hub_->Ready(watcher);
  Log("aaaaaaaaaa", 0, "not watched");
  clock_.Advance(15'000'000);
  hub_->Wake();
  const auto bookmark = sink->Wait(2);
  EXPECT_THAT(bookmark.events(), IsEmpty());
  EXPECT_EQ(bookmark.bookmark(), 5);
}

TEST_F(EventHubTest, PresentStatesComeFirstWithoutSequence) {
  Move("aaaaaaaaaa", 1, "queued", "cancelled");
  auto sink = std::make_shared<TestSink>();
  Watch(sink, -1);
  const auto response = sink->Wait(1);
  ASSERT_EQ(response.events_size(), 2);
  EXPECT_EQ(response.events(0).parent(), "queued");
  EXPECT_EQ(response.events(1).parent(), "cancelled");
  EXPECT_EQ(response.events(0).sequence(), 0);
  EXPECT_EQ(response.bookmark(), 3);
}

TEST_F(EventHubTest, NoBookmarkBeforeTheLastPresentState) {
  options_.response_bytes = 1;
  options_.life_us = 1'000;
  OpenHub();
  auto sink = std::make_shared<TestSink>();
  const int64_t watcher = Watch(sink, -1);
  EXPECT_EQ(sink->Wait(1).events_size(), 1);
  EXPECT_EQ(sink->Wait(1).bookmark(), 0);
  auto other = std::make_shared<TestSink>();
  Watch(other, -1);
  other->Wait(1);
  // The stream is old by now, and still sends what it owes first.
  clock_.Advance(options_.life_us);
  hub_->Ready(watcher);
  EXPECT_EQ(sink->Wait(2).events_size(), 1);
  EXPECT_EQ(sink->Wait(2).bookmark(), 2);
  EXPECT_EQ(sink->Wait(2).end(), v1::WatchResponse::END_RECONNECT);
  hub_->Stop();
  EXPECT_EQ(other->Wait(2).end(), v1::WatchResponse::END_STOPPING);
  EXPECT_EQ(other->Wait(2).bookmark(), 0);
}

TEST_F(EventHubTest, OldStreamsSendEveryPresentStateBeforeTheyEnd) {
  AddExperiment("bbbbbbbbbb");
  options_.response_bytes = 1;
  options_.life_us = 1'000;
  OpenHub();
  auto sink = std::make_shared<TestSink>();
  const int64_t watcher = Watch(sink, -1);
  sink->Wait(1);
  clock_.Advance(options_.life_us);
  for (std::size_t n = 2; n <= 3; ++n) {
    hub_->Ready(watcher);
    EXPECT_EQ(sink->Wait(n).end(), v1::WatchResponse::END_UNSPECIFIED);
    EXPECT_EQ(sink->Wait(n).bookmark(), 0);
  }
  hub_->Ready(watcher);
  EXPECT_EQ(sink->Wait(4).end(), v1::WatchResponse::END_RECONNECT);
  EXPECT_EQ(sink->Wait(4).bookmark(), 4);
}

TEST_F(EventHubTest, DoneWhenEveryRunWatchedHasEnded) {
  WatchFilter run;
  run.runs = {{"aaaaaaaaaa", 0}};
  auto sink = std::make_shared<TestSink>();
  const int64_t watcher = Watch(sink, 0, true, run);
  EXPECT_EQ(sink->Wait(1).events_size(), 1);
  hub_->Ready(watcher);
  Move("aaaaaaaaaa", 1, "queued", "cancelled");
  Move("aaaaaaaaaa", 0, "queued", "cancelled");
  const auto last = sink->Wait(2);
  EXPECT_EQ(last.events_size(), 1);
  EXPECT_EQ(last.end(), v1::WatchResponse::END_DONE);
  // Whoever comes later gets the events and the end at once.
  auto late = std::make_shared<TestSink>();
  Watch(late, 0, true, run);
  EXPECT_EQ(late->Wait(1).events_size(), 2);
  EXPECT_EQ(late->Wait(1).end(), v1::WatchResponse::END_DONE);
}

TEST_F(EventHubTest, KindsAreLeftOut) {
  WatchFilter logs;
  logs.kinds = {v1::EVENT_KIND_LOG};
  auto sink = std::make_shared<TestSink>();
  Log("aaaaaaaaaa", 0, "only this");
  Watch(sink, 0, false, logs);
  EXPECT_EQ(sink->Wait(1).events_size(), 1);
  EXPECT_THAT(Texts(sink->Wait(1)), ElementsAre("only this"));
}

TEST_F(EventHubTest, SlowWatcherIsSentNothingMoreAndMissesNothing) {
  options_.recent_events = 3;
  OpenHub();
  auto slow = std::make_shared<TestSink>();
  auto quick = std::make_shared<TestSink>();
  const int64_t watcher = Watch(slow, 2);
  const int64_t other = Watch(quick, 2);
  Log("aaaaaaaaaa", 0, "0");
  EXPECT_THAT(Texts(slow->Wait(1)), ElementsAre("0"));
  quick->Wait(1);
  for (int i = 1; i < 10; ++i) {
    hub_->Ready(other);
    Log("aaaaaaaaaa", 0, absl::StrCat(i));
    quick->Wait(static_cast<std::size_t>(i) + 1);
  }
  EXPECT_EQ(slow->count(), 1u);
  hub_->Ready(watcher);
  EXPECT_THAT(Texts(slow->Wait(2)),
              ElementsAre("1", "2", "3", "4", "5", "6", "7", "8", "9"));
}

// Twenty megabytes go by while it takes nothing; what is held for it is one
// response and next to nothing besides, and others are not kept waiting.
TEST_F(EventHubTest, StalledWatcherHoldsLessThanFourMegabytes) {
  const std::string line(8000, 'x');
  auto stalled = std::make_shared<TestSink>();
  auto quick = std::make_shared<TestSink>();
  const int64_t watcher = Watch(stalled, 2);
  const int64_t other = Watch(quick, 2);
  std::size_t seen = 0;
  for (std::size_t commit = 0, response = 0; commit < 50; ++commit) {
    Write([&](store::Transaction& transaction) {
      for (int i = 0; i < 50; ++i) {
        store::AppendLog(transaction, runs_["aaaaaaaaaa"][0],
                         {0, 10 + int64_t(commit), 1, "info", line});
      }
    });
    v1::Event preview;
    preview.mutable_live()->set_name("rates");
    for (int i = 0; i < 10'000; ++i) preview.mutable_live()->add_values(i);
    hub_->Live({"aaaaaaaaaa", 0}, preview);
    while (seen < 50 * (commit + 1)) {
      const auto sent = quick->Wait(++response);
      seen += Texts(sent).size();
      hub_->Ready(other);
    }
  }
  EXPECT_EQ(stalled->count(), 1u);
  const auto sent = stalled->Wait(1);
  EXPECT_LT(
      sent.SpaceUsedLong() + sent.ByteSizeLong() + hub_->HeldBytes(watcher),
      std::size_t{4} << 20);
  EXPECT_GT(sent.ByteSizeLong(), options_.response_bytes);
  // It misses nothing for that.
  hub_->Ready(watcher);
  std::size_t caught_up = Texts(sent).size();
  for (std::size_t n = 2; caught_up < 2500; ++n) {
    const auto next = stalled->Wait(n);
    EXPECT_LT(next.ByteSizeLong(), std::size_t{1} << 20);
    caught_up += Texts(next).size();
    hub_->Ready(watcher);
  }
  EXPECT_EQ(caught_up, 2500u);
}

TEST_F(EventHubTest, LiveItemsComeWithoutNumberAndTheNewestAlone) {
  auto sink = std::make_shared<TestSink>();
  const int64_t watcher = Watch(sink, -1);
  sink->Wait(1);
  for (const int64_t tick : {1, 2}) {
    v1::Event live;
    live.mutable_live()->mutable_progress()->set_tick(tick);
    hub_->Live({"aaaaaaaaaa", 0}, live);
  }
  hub_->Ready(watcher);
  const auto response = sink->Wait(2);
  ASSERT_EQ(response.events_size(), 1);
  EXPECT_EQ(response.events(0).sequence(), 0);
  EXPECT_EQ(response.events(0).live().progress().tick(), 2);
}

TEST_F(EventHubTest, StreamsEndWithReconnectAfterTheirLife) {
  auto sink = std::make_shared<TestSink>();
  const int64_t watcher = Watch(sink, 0);
  sink->Wait(1);
  hub_->Ready(watcher);
  clock_.Advance(options_.life_us);
  hub_->Wake();
  EXPECT_EQ(sink->Wait(2).end(), v1::WatchResponse::END_RECONNECT);
}

TEST_F(EventHubTest, StreamsEndWithStopping) {
  auto sink = std::make_shared<TestSink>();
  Watch(sink, 0);
  sink->Wait(1);
  hub_->Stop();
  EXPECT_EQ(sink->Wait(2).end(), v1::WatchResponse::END_STOPPING);
  EXPECT_EQ(hub_->Add({}, sink).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(EventHubTest, UnknownParentsAreNotFound) {
  WatchFilter filter;
  filter.experiments = {"zzzzzzzzzz"};
  const auto watcher =
      hub_->Add({filter, 0, false}, std::make_shared<TestSink>());
  EXPECT_EQ(watcher.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(watcher.status().message()), HasSubstr("zzzzzzzzzz"));
}

}  // namespace
}  // namespace engram
