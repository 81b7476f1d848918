#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "engram/v1/events.pb.h"
#include "server/queue/clock.h"
#include "server/store/store.h"
#include "server/watch/recent_events.h"
#include "server/watch/watch_filter.h"

namespace engram {

// Where a watcher's responses go. Called from the hub's thread, one response at
// a time: the next comes after EventHub::Ready, but for the last one, which
// may come before. Must not block.
class WatchSink {
 public:
  virtual ~WatchSink() = default;
  // A response with `end` set is the last.
  virtual void Send(v1::WatchResponse response) = 0;
  // The stream cannot go on (the store cannot be read); the last call.
  virtual void Fail(const absl::Status& why) = 0;
};

// How a watcher begins; see WatchRequest.
struct WatchStart {
  WatchFilter filter;
  int64_t from_sequence = 0;
  bool until_done = false;
};

// Fans events out to watchers, from the store's commits while they keep up,
// from its history when they do not: no watcher has a buffer of its own, so a
// slow one costs nothing. One thread. All calls are thread-safe.
class EventHub {
 public:
  struct Options {
    const Clock* clock = &SystemClock();
    int64_t gather_us = 50'000;        // between two responses of a watcher
    int64_t bookmark_us = 15'000'000;  // at the latest
    int64_t life_us = 3'600'000'000;   // then RECONNECT
    std::size_t response_bytes = 256 << 10;
    std::size_t recent_events = 16'384;
    std::size_t recent_bytes = 32 << 20;
  };
  // Makes the wire's messages; called from the hub's thread within a read.
  struct Messages {
    std::function<v1::Event(store::Reader&, const store::StoredEvent&)> event;
    // The present state of a run as an event without a sequence.
    std::function<v1::Event(store::Reader&, store::RunKey)> present;
  };

  // Becomes the store's commit listener: opened before anything is written.
  static absl::StatusOr<std::unique_ptr<EventHub>> Open(Options options,
                                                        store::Store& store,
                                                        Messages messages);
  // Stops.
  ~EventHub();

  // OUT_OF_RANGE: events after `from_sequence` are no longer kept. NOT_FOUND:
  // an experiment or run of the filter that does not exist. Reads the store.
  absl::StatusOr<int64_t> Add(const WatchStart& start,
                              std::shared_ptr<WatchSink> sink);
  // The last response was sent.
  void Ready(int64_t watcher);
  void Remove(int64_t watcher);
  // An item without number, for who keeps up.
  void Live(const RunName& run, v1::Event event);
  // Looks at the clock now; tests turn it by hand.
  void Wake();
  // Ends every stream with STOPPING and takes no more.
  void Stop();

 private:
  struct Watcher;
  struct Page;

  EventHub(Options options, store::Store& store, Messages messages,
           int64_t after);
  absl::Status Read(
      const std::function<absl::Status(store::Reader&)>& read) const;
  void Committed(std::vector<store::StoredEvent> events);
  absl::Status Prepare(store::Reader& reader, Watcher& watcher) const;
  void Loop();
  void SendStopping();
  bool HasLive(const Watcher& watcher);
  bool Failed(Watcher& watcher, const absl::Status& why);
  void TakeCommitted(std::vector<std::vector<store::StoredEvent>> commits);
  OutgoingEvent Outgoing(store::Reader& reader,
                         const store::StoredEvent& event) const;
  // Sends what is due; returns when it is to be looked at again [us].
  int64_t Serve(Watcher& watcher, int64_t now_us);
  bool Fill(Watcher& watcher, v1::WatchResponse& response);
  bool FillPresent(Watcher& watcher, v1::WatchResponse& response);
  bool FillHistory(Watcher& watcher, v1::WatchResponse& response);
  void FillRecent(Watcher& watcher, v1::WatchResponse& response);
  void Take(Watcher& watcher, const OutgoingEvent& event,
            v1::WatchResponse& response) const;
  void FillLive(Watcher& watcher, v1::WatchResponse& response);
  absl::StatusOr<Page> ReadPage(const Watcher& watcher);

  const Options options_;
  store::Store& store_;
  const Messages messages_;
  std::unique_ptr<RecentEvents> recent_;  // of the thread

  Mutex mu_;
  CondVar wake_;
  bool is_woken_ GUARDED_BY(mu_) = false;
  bool is_stopping_ GUARDED_BY(mu_) = false;
  int64_t last_watcher_ GUARDED_BY(mu_) = 0;
  std::vector<std::vector<store::StoredEvent>> committed_ GUARDED_BY(mu_);
  std::map<int64_t, std::shared_ptr<Watcher>> watchers_ GUARDED_BY(mu_);
  std::thread thread_;
};

}  // namespace engram
