#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/rpc/admin.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/rpc/status.h"
#include "server/rpc/tokens.h"
#include "server/store/store.h"
#include "server/store/token_table.h"

namespace engram {

absl::StatusOr<v1::RevokeTokenResponse> RevokeToken(
    const Caller& caller, const v1::RevokeTokenRequest& request,
    const Parts& parts) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(Bare(request.name(), "tokens"), &number)) {
    return BadField("name", absl::StrCat("'", request.name(),
                                         "'; a token's name is tokens/3"));
  }
  const int64_t now_us = parts.now_us();
  const v1::RevokeTokenResponse reply;
  absl::Status written =
      parts.store.Write([&](store::Transaction& transaction) {
        absl::Status revoked = store::RevokeToken(transaction, number, now_us);
        if (!revoked.ok()) return revoked;
        return Keep(caller, transaction, reply);
      });
  if (!written.ok()) return written;
  parts.tokens.Revoke(number, now_us);
  return reply;
}

}  // namespace engram
