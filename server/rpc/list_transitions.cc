#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListTransitionsResponse> ListTransitions(
    const Caller& /*caller*/, const v1::ListTransitionsRequest& request,
    const Parts& parts) {
  return parts.store.Read([&](store::Reader& reader)
                              -> absl::StatusOr<v1::ListTransitionsResponse> {
    auto run = FindRunNamed(reader, request.name());
    if (!run.ok()) return run.status();
    v1::ListTransitionsResponse reply;
    for (const auto& row : store::ReadTransitions(reader, run->key)) {
      *reply.add_transitions() = TransitionMessage(row);
    }
    return reply;
  });
}

}  // namespace engram
