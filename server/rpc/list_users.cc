#include <vector>

#include "server/rpc/admin.h"
#include "server/rpc/user_message.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListUsersResponse> ListUsers(
    const Caller& /*caller*/, const v1::ListUsersRequest& /*request*/,
    const Parts& parts) {
  auto rows = parts.store.Read(
      [](store::Reader& reader) -> absl::StatusOr<std::vector<store::UserRow>> {
        return store::ReadUsers(reader);
      });
  if (!rows.ok()) return rows.status();
  v1::ListUsersResponse reply;
  for (const store::UserRow& row : *rows) {
    *reply.add_users() = UserMessage(row, parts);
  }
  return reply;
}

}  // namespace engram
