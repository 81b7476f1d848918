#include <utility>

#include "server/rpc/admin.h"
#include "server/rpc/name.h"
#include "server/rpc/owner.h"
#include "server/rpc/user_message.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::User> CreateUser(const Caller& caller,
                                    const v1::CreateUserRequest& request,
                                    const Parts& parts) {
  store::UserRow row;
  row.name = Bare(request.name(), "users");
  row.create_time_us = parts.now_us();
  absl::Status valid = CheckUserName(row.name, "name");
  if (!valid.ok()) return valid;
  v1::User reply;
  absl::Status written =
      parts.store.Write([&](store::Transaction& transaction) {
        absl::Status inserted = store::InsertUser(transaction, row);
        if (!inserted.ok()) return inserted;
        auto user = store::FindUser(transaction, row.name);
        if (!user.ok()) return user.status();
        reply = UserMessage(*user, parts);
        return Keep(caller, transaction, reply);
      });
  if (!written.ok()) return written;
  return reply;
}

}  // namespace engram
