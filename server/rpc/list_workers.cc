#include "absl/strings/str_cat.h"
#include "server/queue/queue.h"
#include "server/rpc/admin.h"
#include "server/rpc/message.h"

namespace engram {

absl::StatusOr<v1::ListWorkersResponse> ListWorkers(
    const Caller& /*caller*/, const v1::ListWorkersRequest& /*request*/,
    const Parts& parts) {
  v1::ListWorkersResponse reply;
  for (const WorkerStatus& worker : parts.queue.Workers()) {
    auto* message = reply.add_workers();
    message->set_name(absl::StrCat("workers/", worker.number));
    message->set_host(worker.host);
    message->set_pid(worker.pid);
    message->set_build(worker.build);
    message->set_cpus(worker.cpus);
    *message->mutable_connect_time() = Time(worker.connect_us);
    if (worker.run.has_value()) message->set_run(worker.run->Full());
    message->set_held_runs(worker.held_runs);
  }
  return reply;
}

}  // namespace engram
