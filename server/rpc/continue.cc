#include "server/queue/queue.h"
#include "server/rpc/experiments.h"
#include "server/rpc/owner.h"
#include "server/rpc/target.h"

namespace engram {

absl::StatusOr<v1::ContinueResponse> Continue(
    const Caller& caller, const v1::ContinueRequest& request,
    const Parts& parts) {
  auto target = OwnTarget(caller, request.name(), "continue", parts);
  if (!target.ok()) return target.status();
  v1::ContinueResponse reply;
  auto done = parts.queue.Continue(
      target->experiment.id, target->point, caller.user,
      [&](store::Transaction& transaction, const CountOutcome& outcome) {
        reply.set_run_count(outcome.runs);
        return Keep(caller, transaction, reply);
      });
  if (!done.ok()) return done.status();
  return reply;
}

}  // namespace engram
