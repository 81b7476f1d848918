#include "server/rpc/login_links.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "server/rpc/access.h"
#include "server/rpc/bearer.h"
#include "server/rpc/status.h"
#include "server/rpc/tokens.h"
#include "server/store/audit_table.h"
#include "server/store/store.h"
#include "server/store/token_table.h"

namespace engram {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kCodeLife = 600 * kSecond;
constexpr int64_t kSessionLife = int64_t{7} * 86'400 * kSecond;
constexpr int kCodesOfOneUser = 16;
constexpr absl::string_view kLabel = "browser";
constexpr absl::string_view kUsers = "users/";

// An entry that tells of a success, unless its maker says otherwise.
store::AuditRow EntryOf(const char* method, const std::string& user,
                        const std::string& peer, int64_t now_us) {
  store::AuditRow row;
  row.time_us = now_us;
  row.method = method;
  if (!user.empty()) row.user = absl::StrCat(kUsers, user);
  row.peer = peer;
  row.outcome = "OK";
  return row;
}

}  // namespace

LoginLinks::LoginLinks(store::Store& store, Tokens& tokens,
                       std::function<int64_t()> now_us)
    : store_(store), tokens_(tokens), now_us_(std::move(now_us)) {}

void LoginLinks::Forget(int64_t now_us) {
  std::erase_if(offers_, [now_us](const auto& entry) {
    return entry.second.expire_us <= now_us;
  });
}

absl::StatusOr<LoginLinks::Code> LoginLinks::Make(const Caller& caller) {
  if (caller.user.rfind(std::string(kUsers), 0) != 0) {
    return NotReady("NO_USER", caller.user,
                    absl::StrCat(caller.user, " is no user and cannot log in"));
  }
  Offer offer;
  offer.user = caller.user.substr(kUsers.size());
  offer.token = caller.token;
  offer.scope = caller.scope;
  offer.caller_expire_us =
      caller.expire_us.value_or(std::numeric_limits<int64_t>::max());
  const int64_t now_us = now_us_();
  offer.expire_us = now_us + kCodeLife;

  MutexLock lock(mu_);
  Forget(now_us);
  const auto count = std::count_if(
      offers_.begin(), offers_.end(),
      [&](const auto& entry) { return entry.second.user == offer.user; });
  if (count >= kCodesOfOneUser) {
    return QuotaExceeded(
        caller.user, absl::StrCat(caller.user, " has ", count,
                                  " login links that were not used; open one, "
                                  "or wait ten minutes"));
  }
  const Code code{.text = NewSecret(), .expire_us = offer.expire_us};
  offers_.emplace(Sha256(code.text), std::move(offer));
  return code;
}

std::optional<LoginLinks::Offer> LoginLinks::Take(const std::string& code,
                                                  int64_t now_us) {
  MutexLock lock(mu_);
  Forget(now_us);
  const auto found = offers_.find(Sha256(code));
  if (found == offers_.end()) return std::nullopt;
  Offer offer = std::move(found->second);
  offers_.erase(found);
  return offer;
}

absl::Status LoginLinks::Refuse(const Offer& offer, const std::string& peer,
                                const absl::Status& why) {
  const int64_t now_us = now_us_();
  if (!refusals_.Count(HostOf(peer), now_us).is_recorded) return why;
  store::AuditRow row = EntryOf(kLogin, offer.user, peer, now_us);
  row.token = offer.token;
  row.outcome = absl::StatusCodeToString(why.code());
  const absl::Status written =
      store_.Write([&row](store::Transaction& transaction) {
        store::AppendAudit(transaction, row);
        return absl::OkStatus();
      });
  return written.ok() ? why : written;
}

absl::StatusOr<LoginLinks::Session> LoginLinks::Redeem(
    const std::string& code, const std::string& peer) {
  const int64_t now_us = now_us_();
  const std::optional<Offer> offer = Take(code, now_us);
  if (!offer.has_value()) {
    return Refuse(
        {}, peer,
        absl::NotFoundError("there is no such login code: it was used, or ten "
                            "minutes are over"));
  }
  // Who takes a token away takes away what it was about to open.
  if (!tokens_.IsAlive(offer->token)) {
    return Refuse(*offer, peer,
                  absl::NotFoundError(
                      "the token that made this login code was revoked or has "
                      "expired; make another link with a token that is good"));
  }
  const int64_t expire_us =
      std::min(now_us + kSessionLife, offer->caller_expire_us);
  Session session{.secret = NewSecret(),
                  .life_s = std::max<int64_t>(expire_us - now_us, 0) / kSecond};
  store::TokenRow row{.number = 0,
                      .user = offer->user,
                      .scope = ScopeName(offer->scope),
                      .label = std::string(kLabel),
                      .sha256 = Sha256(session.secret),
                      .create_time_us = now_us,
                      .expire_time_us = expire_us,
                      .revoke_time_us = {},
                      .last_use_time_us = {}};
  store::AuditRow entry = EntryOf(kLogin, offer->user, peer, now_us);
  entry.token = offer->token;
  const absl::Status written =
      store_.Write([&](store::Transaction& transaction) {
        row.number = store::InsertToken(transaction, row);
        entry.target = absl::StrCat("tokens/", row.number);
        store::AppendAudit(transaction, entry);
        return absl::OkStatus();
      });
  if (!written.ok()) return written;
  tokens_.Add(row);
  return session;
}

absl::Status LoginLinks::End(const std::string& secret,
                             const std::string& peer) {
  const int64_t now_us = now_us_();
  std::optional<int64_t> ended;
  const absl::Status written =
      store_.Write([&](store::Transaction& transaction) {
        const auto row = store::FindToken(transaction, Sha256(secret));
        const bool is_open =
            row && row->label == kLabel && !row->revoke_time_us.has_value();
        if (!is_open) return absl::OkStatus();
        ended = row->number;
        store::AuditRow entry = EntryOf(kLogout, row->user, peer, now_us);
        entry.token = entry.target = absl::StrCat("tokens/", row->number);
        store::AppendAudit(transaction, entry);
        return store::RevokeToken(transaction, row->number, now_us);
      });
  if (!written.ok()) return written;
  if (ended) tokens_.Revoke(*ended, now_us);
  return absl::OkStatus();
}

void LoginLinks::SetBaseUrl(const std::string& base_url) {
  MutexLock lock(mu_);
  base_url_ = base_url;
}

std::string LoginLinks::base_url() const {
  MutexLock lock(mu_);
  return base_url_;
}

}  // namespace engram
