#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "engram/v1/workers.pb.h"

namespace engram {

// A server of Workers and Blobs for one worker, on a Unix socket in a folder
// of its own. Stores what it is sent as the real one does, and tells a test
// what came. Thread-safe.
class FakeServer {
 public:
  static constexpr const char* kToken = "engram_token_of_the_test";

  FakeServer();
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  const std::string& address() const { return address_; }

  // Events that are not acknowledged are not stored either: after a broken
  // stream they must come again.
  void Acknowledge(bool acknowledge);
  // Chunks that are already here.
  void AddChunk(const std::string& digest, const std::string& bytes);
  // The next Read breaks, once, after so many chunks.
  void BreakReadAfter(int chunks);
  // The next Write is answered so.
  void FailWrites(int count, int grpc_code);

  // On the present stream; waits until there is one.
  void Send(const v1::ToWorker& message);
  // Breaks the present stream, as a server that dies does.
  void Break();

  // Waits until all that came so far satisfies `enough`; false after 20 s.
  struct Seen {
    std::vector<v1::Registration> registrations;
    std::vector<v1::WorkerEvent> events;  // stored, in order
    std::vector<int64_t> numbers;         // of all that came, also repeated
    std::vector<v1::AttemptKey> returned;
    int heartbeats = 0, live = 0;
    int streams_ended_by_worker = 0;
    std::map<std::string, std::string> chunks;  // plain bytes by digest
    int writes = 0, chunks_compressed = 0, reads = 0;
    std::set<std::string> authorizations;
  };
  bool WaitFor(const std::function<bool(const Seen&)>& enough);
  Seen seen();

 private:
  class Workers;
  class Blobs;
  struct Running;

  Mutex mu_;
  CondVar changed_;
  Seen seen_ GUARDED_BY(mu_);
  bool acknowledge_ GUARDED_BY(mu_) = true;
  int failing_writes_ GUARDED_BY(mu_) = 0;
  int failing_code_ GUARDED_BY(mu_) = 0;
  int reads_until_break_ GUARDED_BY(mu_) = -1;
  std::string address_;
  std::unique_ptr<Running> running_;
};

}  // namespace engram
