#include "server/queue/quota.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/rpc/error_details.pb.h"

namespace engram {
namespace {

absl::Status Exceeded(absl::string_view owner, const std::string& message) {
  google::rpc::QuotaFailure detail;
  auto* violation = detail.add_violations();
  violation->set_subject(absl::StrCat("users/", owner));
  violation->set_description(message);
  absl::Status status = absl::ResourceExhaustedError(message);
  status.SetPayload("type.googleapis.com/google.rpc.QuotaFailure",
                    absl::Cord(detail.SerializeAsString()));
  return status;
}

}  // namespace

absl::Status CheckQuota(absl::string_view owner, const store::QuotaRow& quota,
                        const QuotaUse& use, int64_t new_runs) {
  if (quota.queued_runs > 0 &&
      use.waiting_runs + new_runs > quota.queued_runs) {
    return Exceeded(
        owner,
        absl::StrCat(owner, " has ", use.waiting_runs,
                     use.waiting_runs == 1 ? " run" : " runs", " waiting; ",
                     new_runs, " more would be above the quota of ",
                     quota.queued_runs,
                     ": wait until some have ended, or cancel some"));
  }
  if (quota.cpu_hours > 0 && use.cpu_hours > quota.cpu_hours) {
    return Exceeded(
        owner,
        absl::StrFormat(
            "%s has used %.2f cpu-hours (halved every 7 days), above the quota "
            "of %.2f: wait until that has decayed, or ask an admin for more",
            owner, use.cpu_hours, quota.cpu_hours));
  }
  if (quota.stored_bytes > 0 && use.stored_bytes > quota.stored_bytes) {
    return Exceeded(
        owner,
        absl::StrCat("the experiments of ", owner, " store ", use.stored_bytes,
                     " bytes, above the quota of ", quota.stored_bytes,
                     ": delete some of them, or ask an admin for more"));
  }
  return absl::OkStatus();
}

}  // namespace engram
