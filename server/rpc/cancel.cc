#include "absl/strings/str_cat.h"
#include "server/queue/queue.h"
#include "server/rpc/experiments.h"
#include "server/rpc/owner.h"
#include "server/rpc/target.h"

namespace engram {

absl::StatusOr<v1::CancelResponse> Cancel(const Caller& caller,
                                          const v1::CancelRequest& request,
                                          const Parts& parts) {
  auto target = OwnTarget(caller, request.name(), "cancel", parts);
  if (!target.ok()) return target.status();
  const std::string reason = request.reason().empty()
                                 ? absl::StrCat("cancelled by ", caller.user)
                                 : request.reason();
  v1::CancelResponse reply;
  auto done = parts.queue.Cancel(
      target->experiment.id, target->point, caller.user, reason,
      [&](store::Transaction& transaction, const CountOutcome& outcome) {
        reply.set_run_count(outcome.runs);
        return Keep(caller, transaction, reply);
      });
  if (!done.ok()) return done.status();
  return reply;
}

}  // namespace engram
