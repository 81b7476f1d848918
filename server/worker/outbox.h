#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.h"
#include "engram/v1/workers.pb.h"

namespace engram {

// What leaves a worker: events, numbered from 1 and kept until the server has
// stored them, and what is sent once at best (live reports, attempts handed
// back). Outlives the stream, so nothing is lost when that breaks.
//
// Thread-safe: the attempt puts, the stream's writer takes, its reader
// acknowledges.
class Outbox {
 public:
  static constexpr int64_t kBoundBytes = int64_t{64} << 20;

  explicit Outbox(int64_t bound_bytes = kBoundBytes);

  // Numbers the event and keeps it. Waits while the events kept have more
  // bytes than the bound; false, and nothing kept, once closed.
  bool Put(v1::WorkerEvent event);
  // The same without the wait, for who must not: the reader, without whom no
  // acknowledgement arrives. Bounded by what the server sends.
  bool PutAtOnce(v1::WorkerEvent event);

  // Replaces the report of the same attempt and name that was not sent yet.
  void PostLive(v1::LiveReport report);
  void PostReturned(std::vector<v1::AttemptKey> keys);

  // The next message to send, each event once a stream; nothing when none
  // came within `timeout`, or after Wake. Live reports overtake events, so that
  // an attempt's last progress is told before its end.
  std::optional<v1::FromWorker> Next(std::chrono::milliseconds timeout);
  // Makes the Next that waits, or else the next one, return nothing.
  void Wake();

  // A new stream: the server has stored events up to `stored`, the others are
  // sent again. What was to be sent once is dropped.
  void Rewind(int64_t stored);
  void Acknowledge(int64_t number);

  // No more events: the server is gone for good. Ends every wait.
  void Close();
  bool closed() const;
  // Attempts whose end is among the events kept, in order.
  std::vector<v1::AttemptKey> EndedKeys() const;
  // All events are acknowledged and all else is sent.
  bool empty() const;
  int64_t kept_bytes() const;

 private:
  struct Kept {
    int64_t bytes;
    // Shared with the writer, which may still send it when it is forgotten.
    std::shared_ptr<const v1::WorkerEvent> event;
  };
  using LiveKey = std::pair<std::string, std::string>;  // attempt, name

  void Keep(v1::WorkerEvent event) ENGRAM_REQUIRES(mu_);
  void Forget(int64_t up_to) ENGRAM_REQUIRES(mu_);
  bool HasNext() const ENGRAM_REQUIRES(mu_);

  const int64_t bound_bytes_;
  mutable Mutex mu_;
  CondVar room_, work_;
  std::deque<Kept> events_ GUARDED_BY(mu_);
  size_t sent_ GUARDED_BY(mu_) = 0;  // of events_, on the present stream
  int64_t last_number_ GUARDED_BY(mu_) = 0;
  int64_t bytes_ GUARDED_BY(mu_) = 0;
  std::map<LiveKey, v1::LiveReport> live_ GUARDED_BY(mu_);
  std::vector<v1::AttemptKey> returned_ GUARDED_BY(mu_);
  bool woken_ GUARDED_BY(mu_) = false;
  bool closed_ GUARDED_BY(mu_) = false;
};

}  // namespace engram
