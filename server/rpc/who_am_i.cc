#include "server/rpc/admin.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/user_message.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::WhoAmIResponse> WhoAmI(const Caller& caller,
                                          const v1::WhoAmIRequest& /*request*/,
                                          const Parts& parts) {
  auto user = parts.store.Read([&](store::Reader& reader) {
    return store::FindUser(reader, Bare(caller.user, "users"));
  });
  if (!user.ok()) return user.status();
  v1::WhoAmIResponse reply;
  reply.set_user(caller.user);
  reply.set_scope(caller.scope);
  reply.set_token(caller.token);
  if (caller.expire_us) *reply.mutable_expire_time() = Time(*caller.expire_us);
  *reply.mutable_quota() = QuotaMessage(user->quota);
  return reply;
}

}  // namespace engram
