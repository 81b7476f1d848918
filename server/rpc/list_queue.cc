#include "server/queue/queue.h"
#include "server/queue/run_state.h"
#include "server/rpc/admin.h"
#include "server/rpc/message.h"
#include "server/rpc/page.h"

namespace engram {

absl::StatusOr<v1::ListQueueResponse> ListQueue(
    const Caller& /*caller*/, const v1::ListQueueRequest& request,
    const Parts& parts) {
  absl::StatusOr<int> size = PageSize(request.page_size(), 100);
  if (!size.ok()) return size.status();
  const QueueSnapshot snapshot = parts.queue.Snapshot(*size);
  v1::ListQueueResponse reply;
  for (const QueueEntry& entry : snapshot.entries) {
    auto* message = reply.add_entries();
    message->set_run(entry.run.Full());
    message->set_owner("users/" + entry.owner);
    message->set_state(UpperState(std::string(RunStateName(entry.state))));
    message->set_position(entry.position);
    message->set_explanation(entry.explanation);
    message->set_cpus(entry.resources.cpus);
    message->set_memory_bytes(entry.resources.memory_bytes);
    *message->mutable_since() = Time(entry.since_us);
  }
  reply.set_queued_runs(snapshot.queued_runs);
  reply.set_running_runs(snapshot.running_runs);
  return reply;
}

}  // namespace engram
