#pragma once

#include <stop_token>

#include "engram/v1/workers.pb.h"
#include "server/worker/chunk_keeper.h"
#include "server/worker/event_recorder.h"
#include "server/worker/outbox.h"
#include "server/worker/simulation.h"

namespace engram {

// What attempts share; all outlives them.
struct AttemptContext {
  MakeSimulation make;
  Outbox& outbox;
  ChunkKeeper& chunks;
  EventRecorder::Clock now;
};

// Executes one attempt to its end, within its limits of memory and time, and
// reports it: Begun, items, Finished. The one place where what a run throws is
// caught. One attempt at a time in a process: the memory limit is the
// process's.
void ExecuteAttempt(const v1::RunAssignment& assignment,
                    const AttemptContext& context, std::stop_token stop);

// The end of an attempt that was stopped before it began.
v1::WorkerEvent CancelledBeforeBegun(const v1::AttemptKey& key);

}  // namespace engram
