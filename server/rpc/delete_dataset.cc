#include "server/rpc/datasets.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/rpc/status.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::DeleteDatasetResponse> DeleteDataset(
    const Caller& caller, const v1::DeleteDatasetRequest& request,
    const Parts& parts) {
  const std::string name = Bare(request.name(), "datasets");
  const v1::DeleteDatasetResponse reply;
  absl::Status written =
      parts.store.Write([&](store::Transaction& transaction) {
        auto row = store::FindDataset(transaction, name);
        if (!row.ok()) return row.status();
        absl::Status owner =
            CheckOwner(caller, row->user, "datasets/" + name, "delete");
        if (!owner.ok()) return owner;
        absl::Status deleted = store::DeleteDataset(transaction, name);
        if (deleted.code() == absl::StatusCode::kFailedPrecondition) {
          return NotReady("IN_USE", "datasets/" + name, deleted.message());
        }
        if (!deleted.ok()) return deleted;
        return Keep(caller, transaction, reply);
      });
  if (!written.ok()) return written;
  return reply;
}

}  // namespace engram
