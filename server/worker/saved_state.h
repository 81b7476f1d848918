#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "engram/v1/workers.pb.h"
#include "server/worker/chunk_keeper.h"
#include "server/worker/outbox.h"
#include "server/worker/simulation.h"

namespace engram {

// How a run's state is saved.
struct SaveRequest {
  v1::AttemptKey key;
  int64_t item_count = 0;  // recorded so far, all of them in the outbox
  bool is_final = false;
  // Whether the run waits for room in the spool; a state that is one of many
  // gives up instead.
  bool waits = false;
  // It is given up, also its upload, when it takes longer.
  std::chrono::steady_clock::time_point deadline =
      std::chrono::steady_clock::time_point::max();
};

// Writes the simulation's state to the spool while it stands still, and puts
// the checkpoint that names it: hashed, uploaded and sent by other threads.
absl::Status SaveState(
    Simulation& simulation, const SaveRequest& request, Outbox& outbox,
    const std::function<std::chrono::steady_clock::time_point()>& now);

// Puts the simulation where the state was saved. An error says whether the
// state could not be had, or does not fit.
absl::Status RestoreState(const v1::SavedState& state, ChunkKeeper& chunks,
                          Spool& spool, Simulation& simulation);

}  // namespace engram
