#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListAttemptsResponse> ListAttempts(
    const Caller& /*caller*/, const v1::ListAttemptsRequest& request,
    const Parts& parts) {
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::ListAttemptsResponse> {
        auto run = FindRunNamed(reader, request.name());
        if (!run.ok()) return run.status();
        v1::ListAttemptsResponse reply;
        for (const auto& row : store::ReadAttempts(reader, run->key)) {
          *reply.add_attempts() = AttemptMessage(run->name, row);
        }
        return reply;
      });
}

}  // namespace engram
