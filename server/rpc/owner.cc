#include "server/rpc/owner.h"

#include "absl/strings/str_cat.h"
#include "server/rpc/status.h"

namespace engram {

absl::Status CheckOwner(const Caller& caller, const std::string& owner,
                        absl::string_view what, absl::string_view verb) {
  if (caller.MayChange("users/" + owner)) return absl::OkStatus();
  return NotPermitted(
      "NOT_OWNER", absl::StrCat(what, " belongs to ", owner,
                                "; its owner and admins alone may ", verb,
                                " it, and this call comes from ", caller.user));
}

absl::Status Keep(const Caller& caller, store::Transaction& transaction,
                  const google::protobuf::Message& reply) {
  if (caller.receipt == nullptr) return absl::OkStatus();
  return caller.receipt->Keep(transaction, reply);
}

}  // namespace engram
