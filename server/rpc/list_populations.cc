#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListPopulationsResponse> ListPopulations(
    const Caller& /*caller*/, const v1::ListPopulationsRequest& request,
    const Parts& parts) {
  using Reply = absl::StatusOr<v1::ListPopulationsResponse>;
  return parts.store.Read([&](store::Reader& reader) -> Reply {
    auto run = FindRunNamed(reader, request.name());
    if (!run.ok()) return run.status();
    v1::ListPopulationsResponse reply;
    for (const auto& row : store::ReadPopulations(reader, run->key)) {
      *reply.add_populations() = PopulationMessage(row);
    }
    return reply;
  });
}

}  // namespace engram
