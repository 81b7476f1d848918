#include "server/rpc/new_admin_token.h"

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "server/rpc/bearer.h"
#include "server/rpc/user_message.h"
#include "server/store/audit_table.h"
#include "server/store/store.h"
#include "server/store/token_table.h"
#include "server/store/user_table.h"

namespace engram {

absl::StatusOr<std::string> NewAdminToken(store::Store& store,
                                          const std::string& user,
                                          int64_t now_us) {
  if (absl::Status named = CheckUserName(user, "user"); !named.ok()) {
    return named;
  }
  const std::string secret = NewSecret();
  const absl::Status made = store.Write([&](store::Transaction& transaction) {
    if (!store::FindUser(transaction, user).ok()) {
      store::UserRow row;
      row.name = user;
      row.create_time_us = now_us;
      const absl::Status inserted = store::InsertUser(transaction, row);
      if (!inserted.ok()) return inserted;
    }
    store::TokenRow token;
    token.user = user;
    token.scope = "admin";
    token.label = "new-admin-token";
    token.sha256 = Sha256(secret);
    token.create_time_us = now_us;
    const int64_t number = store::InsertToken(transaction, token);
    store::AuditRow audit;
    audit.time_us = now_us;
    audit.user = absl::StrCat("users/", user);
    audit.method = "engramd new-admin-token";
    audit.target = absl::StrCat("tokens/", number);
    audit.peer = "console";
    audit.outcome = "OK";
    store::AppendAudit(transaction, audit);
    return absl::OkStatus();
  });
  if (!made.ok()) return made;
  return secret;
}

}  // namespace engram
