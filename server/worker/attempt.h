#pragma once

#include "engram/v1/workers.pb.h"
#include "server/worker/cadence.h"
#include "server/worker/chunk_keeper.h"
#include "server/worker/event_recorder.h"
#include "server/worker/input_cache.h"
#include "server/worker/outbox.h"
#include "server/worker/simulation.h"
#include "server/worker/stop_order.h"

namespace engram {

// What attempts share; all outlives them.
struct AttemptContext {
  MakeSimulation make;
  Outbox& outbox;
  ChunkKeeper& chunks;
  InputCache& inputs;
  EventRecorder::Clock now;
  Cadence::Timing cadence = {};
};

// Executes one attempt to its end, within its limits of memory and time, and
// reports it: Begun, items, checkpoints, Finished. The one place where what a
// run throws is caught. One attempt at a time in a process: the memory limit is
// the process's.
void ExecuteAttempt(const v1::RunAssignment& assignment,
                    const AttemptContext& context, StopOrder stop);

// The end of an attempt that was stopped before it began.
v1::WorkerEvent StoppedBeforeBegun(const v1::Stop& stop);

}  // namespace engram
