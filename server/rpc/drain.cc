#include "server/queue/queue.h"
#include "server/rpc/admin.h"

namespace engram {

absl::StatusOr<v1::DrainResponse> Drain(const Caller& /*caller*/,
                                        const v1::DrainRequest& request,
                                        const Parts& parts) {
  v1::DrainResponse reply;
  reply.set_running_runs(parts.queue.Drain(request.drain()));
  return reply;
}

}  // namespace engram
