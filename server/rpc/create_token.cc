#include <google/protobuf/util/time_util.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "server/rpc/access.h"
#include "server/rpc/admin.h"
#include "server/rpc/bearer.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/rpc/status.h"
#include "server/rpc/tokens.h"
#include "server/rpc/user_message.h"
#include "server/store/store.h"

namespace engram {
namespace {

using google::protobuf::util::TimeUtil;

absl::Status CheckScope(v1::Scope scope) {
  if (scope == v1::SCOPE_VIEWER || scope == v1::SCOPE_SUBMITTER ||
      scope == v1::SCOPE_ADMIN) {
    return absl::OkStatus();
  }
  return BadField("scope",
                  "a token has scope viewer, submitter or admin; tokens of "
                  "workers are made by the server alone");
}

// Lives longer than a hundred years are typing errors.
absl::StatusOr<std::optional<int64_t>> ExpiryOf(
    const v1::CreateTokenRequest& request, int64_t now_us) {
  if (!request.has_life()) return std::optional<int64_t>();
  constexpr int64_t kMostSeconds = int64_t{100} * 366 * 86'400;
  const int64_t seconds = TimeUtil::DurationToSeconds(request.life());
  if (seconds < 1 || seconds > kMostSeconds) {
    return BadField("life", absl::StrCat(seconds,
                                         " s is outside [1 s, 100 "
                                         "years]; leave it out for a token "
                                         "that does not expire"));
  }
  return std::optional<int64_t>(now_us + seconds * 1'000'000);
}

}  // namespace

absl::StatusOr<v1::CreateTokenResponse> CreateToken(
    const Caller& caller, const v1::CreateTokenRequest& request,
    const Parts& parts) {
  absl::Status valid = CheckScope(request.scope());
  if (!valid.ok()) return valid;
  const int64_t now_us = parts.now_us();
  auto expire_us = ExpiryOf(request, now_us);
  if (!expire_us.ok()) return expire_us.status();
  v1::CreateTokenResponse reply;
  reply.set_secret(NewSecret());
  store::TokenRow row{.number = 0,
                      .user = Bare(request.user(), "users"),
                      .scope = ScopeName(request.scope()),
                      .label = request.label(),
                      .sha256 = Sha256(reply.secret()),
                      .create_time_us = now_us,
                      .expire_time_us = *expire_us,
                      .revoke_time_us = {},
                      .last_use_time_us = {}};
  absl::Status written =
      parts.store.Write([&](store::Transaction& transaction) {
        auto user = store::FindUser(transaction, row.user);
        if (!user.ok()) return user.status();
        row.number = store::InsertToken(transaction, row);
        *reply.mutable_token() = TokenMessage(row);
        return Keep(caller, transaction, reply);
      });
  if (!written.ok()) return written;
  parts.tokens.Add(row);
  return reply;
}

}  // namespace engram
