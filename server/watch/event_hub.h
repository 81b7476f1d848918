#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "engram/v1/events.pb.h"
#include "server/queue/clock.h"
#include "server/store/store.h"
#include "server/watch/recent_events.h"
#include "server/watch/watcher.h"

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

// Fans events out to watchers, from the store's commits while they keep up,
// from its history when they do not: no watcher has a buffer of its own, so a
// slow one costs nothing. One thread. All calls are thread-safe.
class EventHub {
 public:
  struct Options {
    const Clock* clock = &SystemClock();
    // Between two responses of a watcher, but for the first of a burst: what
    // happens after a silence is seen at once.
    int64_t gather_us = 50'000;
    int64_t burst = 8;
    int64_t bookmark_us = 15'000'000;  // at the latest
    int64_t life_us = 3'600'000'000;   // then RECONNECT
    // A response ends at the first place where it may when it has so much; and
    // what has to come together is at most so much, or of one change.
    std::size_t response_bytes = 256 << 10;
    std::size_t recent_events = 16'384;
    std::size_t recent_bytes = 32 << 20;
    // Also hears every commit, on the store's thread; may be empty.
    std::function<void(const std::vector<store::StoredEvent>&)> committed =
        nullptr;
  };
  // What monitoring shows of it.
  struct Figures {
    int64_t watchers = 0;
    int64_t sent_events = 0;
    int64_t behind_events = 0;  // of the watcher who is furthest behind
  };
  using Messages = WatchMessages;  // made on the hub's thread

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
  Figures figures();
  // Ends every stream with STOPPING and takes no more.
  void Stop();
  // What the hub holds for a watcher, beside the response that its sink has; 0
  // for one that is gone. While nothing is sent to it.
  std::size_t HeldBytes(int64_t watcher);

 private:
  struct Stream;
  using Commit = std::vector<store::StoredEvent>;

  EventHub(Options options, store::Store& store, Messages messages,
           int64_t after);
  absl::Status Read(
      const std::function<absl::Status(store::Reader&)>& read) const;
  void Committed(Commit events);
  void Loop();
  // What came since; false when the hub stops.
  bool Wait(int64_t due_us, std::vector<Commit>& commits,
            std::vector<std::shared_ptr<Stream>>& ready);
  void SendStopping();
  void TakeCommitted(const std::vector<Commit>& commits);
  // Serves who is ready; returns when to look again [us].
  int64_t ServeAll(std::vector<std::shared_ptr<Stream>> ready);
  // Sends what is due; returns when it is to be looked at again [us].
  int64_t Serve(Stream& stream, int64_t now_us);
  absl::Status Fill(Stream& stream, v1::WatchResponse& response);
  v1::WatchResponse::End EndOf(const Stream& stream, int64_t now_us) const;
  bool NeedsStore(const Stream& stream) const;
  bool HasLive(const Stream& stream);
  void Fail(Stream& stream, const absl::Status& why);

  const Options options_;
  store::Store& store_;
  const Messages messages_;
  RecentEvents recent_;  // of the thread

  Mutex mu_;
  CondVar wake_;
  bool is_woken_ GUARDED_BY(mu_) = false;
  bool is_stopping_ GUARDED_BY(mu_) = false;
  int64_t last_stream_ GUARDED_BY(mu_) = 0;
  std::vector<Commit> committed_ GUARDED_BY(mu_);
  int64_t sent_events_ GUARDED_BY(mu_) = 0;
  int64_t behind_events_ GUARDED_BY(mu_) = 0;
  std::map<int64_t, std::shared_ptr<Stream>> streams_ GUARDED_BY(mu_);
  std::thread thread_;
};

}  // namespace engram
