#pragma once

#include "absl/status/statusor.h"
#include "engram/v1/admin.pb.h"
#include "server/rpc/caller.h"
#include "server/rpc/parts.h"

namespace engram {

// Of engram.v1.Admin; admin.proto says what it answers and refuses.
absl::StatusOr<v1::CreateLoginLinkResponse> CreateLoginLink(
    const Caller& caller, const v1::CreateLoginLinkRequest& request,
    const Parts& parts);

}  // namespace engram
