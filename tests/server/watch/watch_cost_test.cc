// What a thousand watchers of a run that reports at 100 Hz cost the hub's
// thread, without transport. With ENGRAM_LONG alone: it takes its time.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/store/experiment_table.h"
#include "server/store/log_table.h"
#include "server/store/run_table.h"
#include "server/watch/event_hub.h"
#include "tests/server/watch/watch_fixture.h"

namespace engram {
namespace {

constexpr int kWatchers = 1000;
constexpr int kEvents = 500;  // five seconds of them

int64_t ThreadCpuUs() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

// What all sinks see; they are called from one thread, the hub's.
struct Seen {
  std::vector<int64_t> delays_us;
  int64_t cpu_us = 0;
  int64_t responses = 0;
};

class CountingSink final : public WatchSink {
 public:
  explicit CountingSink(Seen& seen) : seen_(seen) {}
  void Send(v1::WatchResponse response) override {
    const int64_t now_us = SystemClock().NowUs();
    for (const v1::Event& event : response.events()) {
      if (event.has_log()) {
        seen_.delays_us.push_back(now_us - event.time().seconds());
      }
    }
    ++seen_.responses;
    // As a transport does.
    bytes_ += response.SerializeAsString().size();
    seen_.cpu_us = ThreadCpuUs();
    if (watcher > 0) hub->Ready(watcher);
  }
  void Fail(const absl::Status& why) override { ADD_FAILURE() << why; }

  EventHub* hub = nullptr;
  std::atomic<int64_t> watcher = 0;  // set by another thread

 private:
  Seen& seen_;
  std::size_t bytes_ = 0;
};

TEST(WatchCostTest, AThousandWatchersAtAHundredHertz) {
  if (std::getenv("ENGRAM_LONG") == nullptr) {
    GTEST_SKIP() << "takes five seconds of a processor: set ENGRAM_LONG=1";
  }
  std::string folder = ::testing::TempDir() + "/engram-cost-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  {
    store::StoreOptions options;
    options.folder = folder;
    const auto store = store::Store::Open(std::move(options));
    ASSERT_TRUE(store.ok()) << store.status();
    const auto hub = EventHub::Open({}, **store, PlainMessages());
    ASSERT_TRUE(hub.ok()) << hub.status();
    std::vector<store::RunKey> runs;
    ASSERT_TRUE((*store)
                    ->Write([&](store::Transaction& to) {
                      store::ExperimentRow row;
                      row.id = "aaaaaaaaaa";
                      row.user = "ada";
                      row.run_count = 1;
                      row.canonical_json = "{}";
                      const auto key = store::InsertExperiment(to, row);
                      std::vector<store::NewRun> made(1);
                      made[0].tree_json = "{}";
                      runs = store::InsertRuns(to, *key, made, {}, "users/ada",
                                               "submitted", 1);
                      return absl::OkStatus();
                    })
                    .ok());
    Seen seen;
    std::vector<std::shared_ptr<CountingSink>> sinks;
    for (int i = 0; i < kWatchers; ++i) {
      sinks.push_back(std::make_shared<CountingSink>(seen));
      sinks.back()->hub = hub->get();
      WatchFilter filter;
      filter.runs = {{"aaaaaaaaaa", 0}};
      const auto id = (*hub)->Add({filter, 1, false}, sinks.back());
      ASSERT_TRUE(id.ok()) << id.status();
      sinks.back()->watcher = *id;
    }
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kEvents; ++i) {
      std::this_thread::sleep_until(begin + std::chrono::milliseconds(10 * i));
      ASSERT_TRUE((*store)
                      ->Write([&](store::Transaction& to) {
                        store::AppendLog(to, runs[0],
                                         {0, SystemClock().NowUs(), 1, "info",
                                          std::string(100, 'x')});
                        return absl::OkStatus();
                      })
                      .ok());
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count();
    (*hub)->Stop();
    std::vector<int64_t>& delays = seen.delays_us;
    ASSERT_GT(delays.size(), std::size_t(kWatchers) * (kEvents - 20));
    std::sort(delays.begin(), delays.end());
    const int64_t p99_us = delays[delays.size() * 99 / 100];
    std::cout << "hub's thread: " << double(seen.cpu_us) / 1e6 / seconds
              << " of a core; " << seen.responses << " responses; delay median "
              << delays[delays.size() / 2] / 1000 << " ms, p99 "
              << p99_us / 1000 << " ms\n";
    EXPECT_LT(p99_us, 250'000);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace engram
