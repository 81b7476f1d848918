#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/rpc/caller.h"

namespace engram {

// PERMISSION_DENIED unless the caller owns the thing or is an admin. `owner`
// is "ada", `what` is "experiments/k7m2q9xw4p", `verb` is "cancel".
absl::Status CheckOwner(const Caller& caller, const std::string& owner,
                        absl::string_view what, absl::string_view verb);

// Keeps the caller's receipt, if the call has one.
absl::Status Keep(const Caller& caller, store::Transaction& transaction,
                  const google::protobuf::Message& reply);

}  // namespace engram
