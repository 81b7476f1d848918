#include "server/worker/attempt.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/worker/course.h"
#include "server/worker/finished.h"
#include "server/worker/memory_limit.h"
#include "server/worker/process_usage.h"

namespace engram {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;

std::string Megabytes(int64_t bytes) {
  return absl::StrFormat("%.1f MB", static_cast<double>(bytes) / 1e6);
}

v1::Finished OutOfMemory(int64_t limit, int64_t peak) {
  if (limit <= 0) {
    return Failed("MEMORY", absl::StrCat("the machine gave no more memory at a "
                                         "resident size of ",
                                         Megabytes(peak)));
  }
  return Failed(
      "MEMORY",
      absl::StrCat("an allocation went beyond the limit of ", Megabytes(limit),
                   "; the largest resident size was ", Megabytes(peak),
                   ": raise resources.memory"));
}

v1::Finished RunCaught(const v1::RunAssignment& assignment,
                       const AttemptContext& context, EventRecorder& recorder,
                       const StopOrder& stop) {
  const int64_t limit = assignment.resources().memory_bytes();
  try {
    Parallel parallel(std::max(1, assignment.resources().cpus()));
    const ScopedMemoryLimit memory(limit);
    return Course(assignment, context, recorder, stop).Run(parallel);
  } catch (const std::bad_alloc&) {
    return OutOfMemory(limit, PeakResidentBytes());
  } catch (const std::exception& e) {
    return Failed("INTERNAL", e.what());
  } catch (...) {
    return Failed("INTERNAL", "the run threw what is no std::exception");
  }
}

}  // namespace

void ExecuteAttempt(const v1::RunAssignment& assignment,
                    const AttemptContext& context, StopOrder stop) {
  v1::WorkerEvent begun = EventOf(assignment.key());
  begun.mutable_begun();
  context.outbox.PutAtOnce(std::move(begun));
  if (context.outbox.closed()) return;
  ResetPeakResidentBytes();
  const nanoseconds cpu_before = ProcessCpuTime();
  EventRecorder recorder(assignment.key(), assignment.resume().item_count(),
                         assignment.verify(), context.outbox, context.now);
  v1::Finished finished = RunCaught(assignment, context, recorder, stop);
  recorder.Flush();
  finished.set_item_count(recorder.item_count());
  finished.set_cpu_seconds(
      duration<double>(ProcessCpuTime() - cpu_before).count());
  finished.set_peak_memory_bytes(PeakResidentBytes());
  v1::WorkerEvent event = EventOf(assignment.key());
  *event.mutable_finished() = std::move(finished);
  context.outbox.PutAtOnce(std::move(event));
}

v1::WorkerEvent StoppedBeforeBegun(const v1::Stop& stop) {
  v1::WorkerEvent event = EventOf(stop.key());
  *event.mutable_finished() =
      Ended(stop.yield() ? v1::RUN_STATE_QUEUED : v1::RUN_STATE_CANCELLED);
  return event;
}

}  // namespace engram
