#pragma once

#include "absl/status/statusor.h"
#include "engram/v1/workers.pb.h"
#include "server/queue/worker_link.h"

namespace engram {

// The messages of Workers.Attach as the queue's plain values, and back.
// INVALID_ARGUMENT for what a worker of ours never sends.

absl::StatusOr<WorkerRegistration> ReadRegistration(
    const v1::Registration& message);
absl::StatusOr<WorkerReport> ReadReport(const v1::WorkerEvent& message);
LiveReport ReadLive(const v1::LiveReport& message);
AttemptKey ReadKey(const v1::AttemptKey& message);

v1::AttemptKey KeyMessage(const AttemptKey& key);
v1::RunAssignment AssignmentMessage(const WorkAssignment& assignment);

}  // namespace engram
