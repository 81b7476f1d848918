#include "server/rpc/user_message.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/queue/queue.h"
#include "server/rpc/message.h"
#include "server/rpc/status.h"
#include "server/rpc/tokens.h"

namespace engram {

v1::Quota QuotaMessage(const store::QuotaRow& row) {
  v1::Quota quota;
  quota.set_queued_runs(row.queued_runs);
  quota.set_running_runs(row.running_runs);
  quota.set_cpu_hours(row.cpu_hours);
  quota.set_stored_bytes(row.stored_bytes);
  return quota;
}

v1::User UserMessage(const store::UserRow& row, const Parts& parts) {
  v1::User user;
  user.set_name("users/" + row.name);
  *user.mutable_create_time() = Time(row.create_time_us);
  *user.mutable_quota() = QuotaMessage(row.quota);
  user.set_etag(row.etag);
  user.set_recent_cpu_seconds(parts.queue.RecentCpuSeconds(row.name));
  return user;
}

v1::Token TokenMessage(const store::TokenRow& row) {
  v1::Token token;
  token.set_name(absl::StrCat("tokens/", row.number));
  token.set_user("users/" + row.user);
  token.set_scope(ScopeOf(row.scope));
  token.set_label(row.label);
  *token.mutable_create_time() = Time(row.create_time_us);
  if (row.expire_time_us) {
    *token.mutable_expire_time() = Time(*row.expire_time_us);
  }
  if (row.revoke_time_us) {
    *token.mutable_revoke_time() = Time(*row.revoke_time_us);
  }
  if (row.last_use_time_us) {
    *token.mutable_last_use_time() = Time(*row.last_use_time_us);
  }
  return token;
}

absl::Status CheckUserName(const std::string& name, absl::string_view field) {
  const auto is_plain = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
           c == '_' || c == '.';
  };
  if (!name.empty() && name.size() <= 64 &&
      absl::ascii_isalnum(static_cast<unsigned char>(name[0])) &&
      std::all_of(name.begin(), name.end(), is_plain)) {
    return absl::OkStatus();
  }
  return BadField(field, absl::StrCat("'", name,
                                      "' is no user's name: it has "
                                      "1 to 64 letters, digits, '-', '_' and "
                                      "'.', a letter or digit first"));
}

}  // namespace engram
