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

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "engram/v1/workers.pb.h"
#include "server/worker/spool.h"

namespace engram {

// Bytes that must be in the server's store before the event which names them
// is sent.
struct Upload {
  enum class Kind {
    kArray,       // its event's last item has the manifest already
    kState,       // a checkpoint's; without it the run merely has one less
    kFinalState,  // of a run that succeeded, which without it did not
  };

  Kind kind = Kind::kArray;
  SpoolRecord bytes;
  // Of its chunks; of a state they are found when it is uploaded.
  std::vector<std::string> digests;
  // Of a state: it is not worth waiting for after this.
  std::chrono::steady_clock::time_point deadline =
      std::chrono::steady_clock::time_point::max();

  // How that went, and a state's manifest.
  absl::Status outcome;
  v1::ArrayManifest manifest;
};

// What leaves a worker: events, numbered from 1 and kept in the spool until the
// server has stored them, and what is sent once at best (live reports, attempts
// handed back). Outlives the stream, so nothing is lost when that breaks.
//
// An event with an upload, and all behind it, is numbered and sent once the
// upload is done, so order holds and no run waits for its own uploads. An
// upload that the store refuses ends its attempt: the event and what follows it
// are dropped, and the attempt's end becomes FAILED `STORAGE`.
//
// Thread-safe: the attempt puts, the uploader uploads, the stream's writer
// takes, its reader acknowledges.
class Outbox {
 public:
  // Beyond so many events that are kept Put waits, however small they are.
  static constexpr size_t kMostEvents = size_t{1} << 16;
  // What it takes of the process's memory at most, uploads under way included.
  static constexpr int64_t kMemoryBytes = int64_t{32} << 20;

  // `spool` outlives the outbox.
  explicit Outbox(Spool& spool) : spool_(spool) {}

  // Keeps the event; waits while there is no room. ABORTED once closed; of an
  // attempt whose upload was refused, why; of a spool that fails, that.
  absl::Status Put(v1::WorkerEvent event);
  absl::Status Put(v1::WorkerEvent event, Upload upload);
  // Without a wait, and whatever the disk does: for an attempt's end, and for
  // the reader, without whom no acknowledgement arrives.
  void PutAtOnce(v1::WorkerEvent event);

  // Replaces the report of the same attempt and name that was not sent yet.
  void PostLive(v1::LiveReport report);
  void PostReturned(std::vector<v1::AttemptKey> keys);

  // The next message to send, each event once a stream; nothing when none
  // came within `timeout`, or after Wake. Live reports overtake events, so that
  // an attempt's last progress is told before its end.
  std::optional<v1::FromWorker> Next(std::chrono::milliseconds timeout);
  // Makes the Next that waits, or else the next one, return nothing.
  void Wake();

  // For the uploader, one thread. The uploads to do next, in order, as many as
  // go well together; they stay where they are until they are settled. One
  // that has a deadline comes alone.
  std::vector<Upload*> Uploads();
  // Waits until there are some; false once closed.
  bool WaitForUploads();
  // The first `count` have their outcome.
  void Settle(size_t count);
  // Whether a state waits for its upload.
  bool HasStateToUpload() const;

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
  Spool& spool() { return spool_; }

 private:
  struct Kept {
    int64_t number = 0;  // given when nothing is left to upload before it
    // Shared by the events of an attempt.
    std::shared_ptr<const v1::AttemptKey> key;
    SpoolRecord event;  // serialized, without its number
    std::unique_ptr<Upload> upload;
    bool is_end = false;
  };
  using LiveKey = std::pair<std::string, std::string>;  // attempt, name
  using FaultKey = std::pair<std::string, int64_t>;     // attempt, token

  void WaitForRoom();
  absl::Status Enqueue(Kept kept);
  Kept Keep(const v1::WorkerEvent& event, SpoolRecord record);
  void Advance() ENGRAM_REQUIRES(mu_);
  bool Resolve(Kept& kept) ENGRAM_REQUIRES(mu_);
  void Number(Kept kept) ENGRAM_REQUIRES(mu_);
  v1::WorkerEvent Read(const Kept& kept) ENGRAM_REQUIRES(mu_);
  void Forget(int64_t up_to) ENGRAM_REQUIRES(mu_);
  bool HasNext() const ENGRAM_REQUIRES(mu_);

  Spool& spool_;
  mutable Mutex mu_;
  CondVar room_, work_, to_upload_;
  std::deque<Kept> pending_ GUARDED_BY(mu_);  // behind an upload
  size_t settled_ GUARDED_BY(mu_) = 0;        // uploads of pending_
  std::deque<Kept> events_ GUARDED_BY(mu_);   // numbered
  size_t sent_ GUARDED_BY(mu_) = 0;  // of events_, on the present stream
  int64_t last_number_ GUARDED_BY(mu_) = 0;
  // Attempts that cannot go on, until their end is numbered.
  std::map<FaultKey, absl::Status> faults_ GUARDED_BY(mu_);
  std::map<LiveKey, v1::LiveReport> live_ GUARDED_BY(mu_);
  std::vector<v1::AttemptKey> returned_ GUARDED_BY(mu_);
  std::shared_ptr<const v1::AttemptKey> last_key_ GUARDED_BY(mu_);
  bool woken_ GUARDED_BY(mu_) = false;
  bool closed_ GUARDED_BY(mu_) = false;
};

}  // namespace engram
