#include <cmath>

#include "server/queue/queue.h"
#include "server/rpc/admin.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/rpc/status.h"
#include "server/rpc/user_message.h"
#include "server/store/store.h"

namespace engram {
namespace {

absl::Status CheckQuota(const v1::Quota& quota) {
  if (quota.queued_runs() >= 0 && quota.running_runs() >= 0 &&
      quota.stored_bytes() >= 0 && std::isfinite(quota.cpu_hours()) &&
      quota.cpu_hours() >= 0) {
    return absl::OkStatus();
  }
  return BadField("quota", "a limit is below 0; 0 means no limit");
}

}  // namespace

absl::StatusOr<v1::User> UpdateQuota(const Caller& caller,
                                     const v1::UpdateQuotaRequest& request,
                                     const Parts& parts) {
  absl::Status valid = CheckQuota(request.quota());
  if (!valid.ok()) return valid;
  const store::QuotaRow quota{.queued_runs = request.quota().queued_runs(),
                              .running_runs = request.quota().running_runs(),
                              .cpu_hours = request.quota().cpu_hours(),
                              .stored_bytes = request.quota().stored_bytes()};
  v1::User reply;
  absl::Status written =
      parts.store.Write([&](store::Transaction& transaction) {
        auto user = store::UpdateQuota(
            transaction, Bare(request.name(), "users"), request.etag(), quota);
        if (!user.ok()) return user.status();
        reply = UserMessage(*user, parts);
        return Keep(caller, transaction, reply);
      });
  if (!written.ok()) return written;
  parts.queue.SetQuota(Bare(request.name(), "users"), quota);
  return reply;
}

}  // namespace engram
