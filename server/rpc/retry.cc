#include "server/queue/queue.h"
#include "server/rpc/experiments.h"
#include "server/rpc/owner.h"
#include "server/rpc/target.h"

namespace engram {

absl::StatusOr<v1::RetryResponse> Retry(const Caller& caller,
                                        const v1::RetryRequest& request,
                                        const Parts& parts) {
  auto target = OwnTarget(caller, request.name(), "retry", parts);
  if (!target.ok()) return target.status();
  v1::RetryResponse reply;
  auto done = parts.queue.Retry(
      target->experiment.id, target->point, caller.user,
      [&](store::Transaction& transaction, const CountOutcome& outcome) {
        reply.set_run_count(outcome.runs);
        return Keep(caller, transaction, reply);
      });
  if (!done.ok()) return done.status();
  return reply;
}

}  // namespace engram
