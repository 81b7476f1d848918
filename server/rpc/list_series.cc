#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListSeriesResponse> ListSeries(
    const Caller& /*caller*/, const v1::ListSeriesRequest& request,
    const Parts& parts) {
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::ListSeriesResponse> {
        auto run = FindRunNamed(reader, request.name());
        if (!run.ok()) return run.status();
        v1::ListSeriesResponse reply;
        for (const auto& row : store::ReadSeriesList(reader, run->key)) {
          *reply.add_series() = SeriesMessage(row);
        }
        return reply;
      });
}

}  // namespace engram
