#include "absl/strings/str_cat.h"
#include "server/rpc/experiments.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/rpc/status.h"
#include "server/store/experiment_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

absl::Status Delete(const Caller& caller,
                    const v1::DeleteExperimentRequest& request,
                    store::Transaction& transaction) {
  auto found = FindExperimentNamed(transaction, request.name());
  if (!found.ok()) return found.status();
  const store::ExperimentRow row =
      store::ReadExperiment(transaction, found->key);
  const std::string name = "experiments/" + row.id;
  absl::Status owner = CheckOwner(caller, row.user, name, "delete");
  if (!owner.ok()) return owner;
  if (!request.etag().empty() && request.etag() != row.etag) {
    return absl::AbortedError(absl::StrCat(
        name, " has changed since etag ", request.etag(),
        " was read; read it again, and delete it if that is still wanted"));
  }
  absl::Status deleted = store::DeleteExperiment(transaction, found->key);
  if (deleted.code() == absl::StatusCode::kFailedPrecondition) {
    return NotReady("RUN_NOT_ENDED", name, deleted.message());
  }
  if (!deleted.ok()) return deleted;
  return Keep(caller, transaction, v1::DeleteExperimentResponse());
}

}  // namespace

absl::StatusOr<v1::DeleteExperimentResponse> DeleteExperiment(
    const Caller& caller, const v1::DeleteExperimentRequest& request,
    const Parts& parts) {
  absl::Status written =
      parts.store.Write([&](store::Transaction& transaction) {
        return Delete(caller, request, transaction);
      });
  if (!written.ok()) return written;
  return v1::DeleteExperimentResponse();
}

}  // namespace engram
