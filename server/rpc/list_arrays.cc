#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListArraysResponse> ListArrays(
    const Caller& /*caller*/, const v1::ListArraysRequest& request,
    const Parts& parts) {
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::ListArraysResponse> {
        auto run = FindRunNamed(reader, request.name());
        if (!run.ok()) return run.status();
        v1::ListArraysResponse reply;
        for (const auto& row : store::ReadArrays(reader, run->key)) {
          *reply.add_arrays() = ArrayMessage(row);
        }
        const auto state = store::FindFinalState(reader, run->key);
        if (state.has_value()) {
          *reply.mutable_final_state() = StateMessage(*state);
        }
        return reply;
      });
}

}  // namespace engram
