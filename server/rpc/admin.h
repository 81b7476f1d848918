#pragma once

#include "absl/status/statusor.h"
#include "engram/v1/admin.pb.h"
#include "server/rpc/caller.h"
#include "server/rpc/parts.h"

namespace engram {

// The calls of engram.v1.Admin: one source file each. What they answer and
// refuse is said in admin.proto.

absl::StatusOr<v1::WhoAmIResponse> WhoAmI(const Caller& caller,
                                          const v1::WhoAmIRequest& request,
                                          const Parts& parts);
absl::StatusOr<v1::User> CreateUser(const Caller& caller,
                                    const v1::CreateUserRequest& request,
                                    const Parts& parts);
absl::StatusOr<v1::ListUsersResponse> ListUsers(
    const Caller& caller, const v1::ListUsersRequest& request,
    const Parts& parts);
absl::StatusOr<v1::User> UpdateQuota(const Caller& caller,
                                     const v1::UpdateQuotaRequest& request,
                                     const Parts& parts);
absl::StatusOr<v1::CreateTokenResponse> CreateToken(
    const Caller& caller, const v1::CreateTokenRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListTokensResponse> ListTokens(
    const Caller& caller, const v1::ListTokensRequest& request,
    const Parts& parts);
absl::StatusOr<v1::RevokeTokenResponse> RevokeToken(
    const Caller& caller, const v1::RevokeTokenRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListAuditEntriesResponse> ListAuditEntries(
    const Caller& caller, const v1::ListAuditEntriesRequest& request,
    const Parts& parts);
absl::StatusOr<v1::DrainResponse> Drain(const Caller& caller,
                                        const v1::DrainRequest& request,
                                        const Parts& parts);
absl::StatusOr<v1::BackupResponse> Backup(const Caller& caller,
                                          const v1::BackupRequest& request,
                                          const Parts& parts);
absl::StatusOr<v1::CheckResponse> Check(const Caller& caller,
                                        const v1::CheckRequest& request,
                                        const Parts& parts);
absl::StatusOr<v1::CollectGarbageResponse> CollectGarbage(
    const Caller& caller, const v1::CollectGarbageRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ServerStatus> GetStatus(const Caller& caller,
                                           const v1::GetStatusRequest& request,
                                           const Parts& parts);
absl::StatusOr<v1::ListQueueResponse> ListQueue(
    const Caller& caller, const v1::ListQueueRequest& request,
    const Parts& parts);
absl::StatusOr<v1::ListWorkersResponse> ListWorkers(
    const Caller& caller, const v1::ListWorkersRequest& request,
    const Parts& parts);

}  // namespace engram
