#include "tests/server/watch/watch_recorder.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "gtest/gtest.h"
#include "server/store/experiment_table.h"
#include "server/store/log_table.h"
#include "server/store/run_table.h"

namespace engram {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr std::size_t kMaxClients = 8;
constexpr int kRuns = 3;  // of each experiment

// The end of one stream.
class RecordingSink final : public WatchSink {
 public:
  RecordingSink(const TurnedClock& clock, EventHub& hub, bool is_fast)
      : clock_(clock),
        hub_(hub),
        is_fast_(is_fast),
        ready_us_(clock.SteadyUs()) {}

  void Send(v1::WatchResponse response) override {
    MutexLock lock(mu_);
    if (is_over_) return;
    is_over_ = response.end() != v1::WatchResponse::END_UNSPECIFIED;
    const int64_t now_us = clock_.SteadyUs();
    // STOPPING comes to who is not ready, too.
    stream_.responses.push_back(
        {now_us, is_waiting_ ? now_us : ready_us_, std::move(response)});
    is_waiting_ = !is_over_;
    if (is_fast_ && watcher_ > 0) GoOn();
    changed_.NotifyAll();
  }
  void Fail(const absl::Status& why) override {
    ADD_FAILURE() << "a stream failed: " << why;
  }

  void SetWatcher(int64_t watcher, int64_t from) {
    MutexLock lock(mu_);
    watcher_ = watcher;
    stream_.from = from;
    if (is_fast_) GoOn();
  }
  void SetFast(bool is_fast) {
    MutexLock lock(mu_);
    is_fast_ = is_fast;
    if (is_fast_) GoOn();
  }
  // As a client that goes away: what comes later is not seen.
  void Cut() {
    MutexLock lock(mu_);
    if (is_over_) return;
    is_over_ = true;
    hub_.Remove(watcher_);
  }
  bool is_over() const {
    MutexLock lock(mu_);
    return is_over_;
  }
  RecordedStream stream() const {
    MutexLock lock(mu_);
    return stream_;
  }
  int64_t bookmark() const {
    MutexLock lock(mu_);
    return stream_.last_bookmark();
  }
  std::size_t count() const {
    MutexLock lock(mu_);
    return stream_.responses.size();
  }
  // Until one more response has come, or the stream is over.
  bool WaitForMoreThan(std::size_t count) {
    MutexLock lock(mu_);
    while (!is_over_ && stream_.responses.size() <= count) {
      if (!changed_.WaitFor(mu_, std::chrono::seconds(20))) return false;
    }
    return true;
  }
  // Waits while a response is due: the hub looks at the clock on a thread of
  // its own.
  void WaitWhileDue(int64_t bookmark_us) {
    MutexLock lock(mu_);
    while (!is_over_ && !is_waiting_ &&
           clock_.SteadyUs() - ready_us_ >= bookmark_us) {
      if (!changed_.WaitFor(mu_, std::chrono::seconds(20))) {
        ADD_FAILURE() << "no bookmark came";
        return;
      }
    }
  }

 private:
  void GoOn() ENGRAM_REQUIRES(mu_) {
    if (!is_waiting_) return;
    is_waiting_ = false;
    ready_us_ = clock_.SteadyUs();
    hub_.Ready(watcher_);
  }

  const TurnedClock& clock_;
  EventHub& hub_;
  mutable Mutex mu_;
  CondVar changed_;
  bool is_fast_ GUARDED_BY(mu_);
  bool is_waiting_ GUARDED_BY(mu_) = false;  // has a response, and takes none
  bool is_over_ GUARDED_BY(mu_) = false;
  int64_t ready_us_ GUARDED_BY(mu_);
  int64_t watcher_ GUARDED_BY(mu_) = 0;
  RecordedStream stream_ GUARDED_BY(mu_);
};

}  // namespace

// One watcher, whatever its streams come to.
class WatchRecorder::Client {
 public:
  Client(WatchFilter filter, int64_t from) : from_(from) {
    watcher_.filter = std::move(filter);
  }

  void Call(const TurnedClock& clock, EventHub& hub) {
    sink_ = std::make_shared<RecordingSink>(clock, hub, is_fast_);
    const auto id = hub.Add({watcher_.filter, from_, false}, sink_);
    ASSERT_TRUE(id.ok()) << id.status();
    sink_->SetWatcher(*id, from_);
  }
  // Keeps what the stream was sent, if it is over.
  bool TakeOver() {
    if (!sink_->is_over()) return false;
    watcher_.streams.push_back(sink_->stream());
    const int64_t bookmark = watcher_.streams.back().last_bookmark();
    if (bookmark > 0) from_ = bookmark;
    return true;
  }
  void SetFast(bool is_fast) {
    is_fast_ = is_fast;
    sink_->SetFast(is_fast);
  }
  // Up to where it has been sent everything, in this stream or in those before.
  int64_t bookmark() const { return std::max(from_, sink_->bookmark()); }
  RecordingSink& sink() { return *sink_; }
  RecordedWatcher& watcher() { return watcher_; }

 private:
  RecordedWatcher watcher_;
  int64_t from_;
  bool is_fast_ = true;
  std::shared_ptr<RecordingSink> sink_;
};

WatchRecorder::WatchRecorder(int seed) : random_(static_cast<uint64_t>(seed)) {
  std::string name = ::testing::TempDir() + "/engram-promises-XXXXXX";
  ENGRAM_EXPECT(mkdtemp(name.data()) != nullptr);
  folder_ = name;
  options_.clock = &clock_;
  options_.life_us = 60 * kSecondUs;
  // Small, so that everything happens: history and recent events take turns,
  // and no response holds much.
  options_.recent_events = 24;
  options_.response_bytes = 200;
  OpenServer();
}

WatchRecorder::~WatchRecorder() {
  hub_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_);
}

int WatchRecorder::Below(int bound) {
  return static_cast<int>(random_() % static_cast<uint64_t>(bound));
}

void WatchRecorder::OpenServer() {
  store::StoreOptions options;
  options.folder = folder_;
  auto store = store::Store::Open(std::move(options));
  ASSERT_TRUE(store.ok()) << store.status();
  store_ = *std::move(store);
  auto hub = EventHub::Open(options_, *store_, PlainMessages());
  ASSERT_TRUE(hub.ok()) << hub.status();
  hub_ = *std::move(hub);
}

void WatchRecorder::RestartServer() {
  hub_->Stop();
  for (auto& client : clients_) client->sink().Cut();
  for (auto& client : clients_) EXPECT_TRUE(client->TakeOver());
  hub_.reset();
  store_.reset();
  OpenServer();
  for (auto& client : clients_) client->Call(clock_, *hub_);
}

WatchHistory WatchRecorder::Record(int steps) {
  for (const char* id : {"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"}) {
    experiments_.push_back(id);
  }
  for (int i = 0; i < steps; ++i) Step();
  ReadEvents();
  CatchUp();
  history_.bookmark_us = options_.bookmark_us + kSecondUs;
  for (auto& client : clients_) {
    client->sink().Cut();
    client->TakeOver();
    history_.watchers.push_back(std::move(client->watcher()));
  }
  return std::move(history_);
}

void WatchRecorder::Step() {
  const int what = Below(20);
  if (what < 11) {
    CommitSomething();
  } else if (what < 14) {
    Turn(kSecondUs * (1 + Below(8)));
  } else if (what < 16) {
    Join();
  } else if (what < 18 && !clients_.empty()) {
    clients_[std::size_t(Below(int(clients_.size())))]->SetFast(Below(2) == 0);
  } else if (what == 18 && !clients_.empty()) {
    clients_[std::size_t(Below(int(clients_.size())))]->sink().Cut();
  } else if (Below(6) == 0) {
    RestartServer();
  }
  CallAgain();
}

// A new experiment, or up to three runs with lines in their logs, many of them
// now and then, and perhaps an end.
void WatchRecorder::CommitSomething() {
  const std::string& id = experiments_[std::size_t(Below(3))];
  const int64_t now_us = clock_.NowUs() + std::ssize(commit_ends_);
  int64_t last = 0;
  const absl::Status status = store_->Write([&](store::Transaction& to) {
    auto& runs = runs_[id];
    if (runs.empty()) {
      store::ExperimentRow row;
      row.id = id;
      row.user = "ada";
      row.run_count = kRuns;
      row.canonical_json = "{}";
      const auto key = store::InsertExperiment(to, row);
      if (!key.ok()) return key.status();
      std::vector<store::NewRun> made(kRuns);
      for (int i = 0; i < kRuns; ++i) {
        made[std::size_t(i)].point = i;
        made[std::size_t(i)].tree_json = "{}";
      }
      runs = store::InsertRuns(to, *key, made, {}, "users/ada", "submitted",
                               now_us);
    }
    const int lines = Below(8) == 0 ? 60 : 1 + Below(6);
    for (int i = 0; i < lines; ++i) {
      store::AppendLog(to, runs[std::size_t(Below(kRuns))],
                       {0, now_us, 1, "info", absl::StrCat("line ", i)});
    }
    const store::RunKey run = runs[std::size_t(Below(kRuns))];
    if (Below(10) == 0 && ended_.insert(run).second) {
      store::StateChange change;
      change.from = "queued";
      change.to = "cancelled";
      change.actor = "server";
      change.reason = "test";
      change.now_us = now_us;
      change.end_time_us = now_us;
      store::ChangeState(to, run, change);
    }
    last = store::LastSequence(to);
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  commit_ends_.push_back(last);
}

WatchFilter WatchRecorder::AnyFilter() {
  WatchFilter filter;
  std::vector<std::string> known;
  for (const auto& [id, runs] : runs_) known.push_back(id);
  const int what = known.empty() ? 0 : Below(4);
  if (what == 1) {
    filter.experiments = {known[std::size_t(Below(int(known.size())))]};
  } else if (what >= 2) {
    for (int i = 0; i < what - 1; ++i) {
      filter.runs.insert(
          {known[std::size_t(Below(int(known.size())))], Below(kRuns)});
    }
  }
  if (Below(4) == 0) filter.kinds = {v1::EVENT_KIND_LOG};
  return filter;
}

void WatchRecorder::Join() {
  if (clients_.size() >= kMaxClients) return;
  int64_t from = Below(3) - 1;
  if (from == 1) {  // somewhere in the middle, as one who knows a number
    from = commit_ends_.empty()
               ? 0
               : commit_ends_[std::size_t(Below(int(commit_ends_.size())))];
  }
  clients_.push_back(std::make_unique<Client>(AnyFilter(), from));
  clients_.back()->Call(clock_, *hub_);
}

void WatchRecorder::Turn(int64_t us) {
  for (; us > 0; us -= kSecondUs) {
    clock_.Advance(std::min(us, kSecondUs));
    hub_->Wake();
    for (auto& client : clients_) {
      client->sink().WaitWhileDue(options_.bookmark_us);
    }
  }
}

void WatchRecorder::CallAgain() {
  for (auto& client : clients_) {
    if (client->TakeOver()) client->Call(clock_, *hub_);
  }
}

// Whoever has not been sent all that he wants is due after a gathering.
void WatchRecorder::CatchUp() {
  for (auto& client : clients_) {
    client->SetFast(true);
    const std::vector<int64_t> wanted = history_.Wanted(
        client->watcher(), 0, std::numeric_limits<int64_t>::max());
    if (wanted.empty()) continue;
    for (;;) {
      // Counted before the bookmark is read: a response may come in between.
      const std::size_t count = client->sink().count();
      if (client->bookmark() >= wanted.back()) break;
      clock_.Advance(options_.gather_us);
      hub_->Wake();
      ASSERT_TRUE(client->sink().WaitForMoreThan(count)) << "nothing came";
      CallAgain();
    }
  }
}

void WatchRecorder::ReadEvents() {
  const absl::Status status = store_->Read([&](store::Reader& reader) {
    for (const auto& event :
         store::ReadEvents(reader, {.after_sequence = 0, .limit = 1'000'000})) {
      const auto commit = std::lower_bound(commit_ends_.begin(),
                                           commit_ends_.end(), event.sequence);
      history_.events.push_back(
          {event.sequence, static_cast<int>(commit - commit_ends_.begin()),
           event.experiment_id, event.run ? event.point : -1, KindOf(event)});
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
}

}  // namespace engram
