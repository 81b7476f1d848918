#include <vector>

#include "server/rpc/admin.h"
#include "server/rpc/name.h"
#include "server/rpc/user_message.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ListTokensResponse> ListTokens(
    const Caller& /*caller*/, const v1::ListTokensRequest& request,
    const Parts& parts) {
  return parts.store.Read(
      [&](store::Reader& reader) -> absl::StatusOr<v1::ListTokensResponse> {
        const std::string user = Bare(request.user(), "users");
        if (!user.empty()) {
          auto found = store::FindUser(reader, user);
          if (!found.ok()) return found.status();
        }
        v1::ListTokensResponse reply;
        for (const store::TokenRow& row : store::ReadTokens(reader, user)) {
          *reply.add_tokens() = TokenMessage(row);
        }
        return reply;
      });
}

}  // namespace engram
