#pragma once

#include <vector>

#include "absl/status/status.h"
#include "server/worker/chunk_keeper.h"
#include "server/worker/outbox.h"

namespace engram {

// Brings what waits in the outbox into the server's store: all that is there,
// of however many runs, in one call, while the next run computes. Hashes the
// states.
class Uploader {
 public:
  // Both outlive the uploader.
  Uploader(Outbox& outbox, ChunkKeeper& chunks)
      : outbox_(outbox), chunks_(chunks) {}

  // Until the outbox is closed, on a thread of its own. A run at its limit of
  // memory leaves none for this either; its end makes room again.
  void Run();
  // What is there now; false when nothing was.
  bool UploadPending();

 private:
  absl::Status Keep(const std::vector<Upload*>& uploads);

  Outbox& outbox_;
  ChunkKeeper& chunks_;
};

}  // namespace engram
