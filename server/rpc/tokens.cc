#include "server/rpc/tokens.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/sha256.h"
#include "server/executor/worker_tokens.h"
#include "server/rpc/access.h"
#include "server/rpc/bearer.h"
#include "server/rpc/status.h"
#include "server/store/store.h"
#include "server/store/token_table.h"

namespace engram {
namespace {

std::string When(int64_t us) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::FromUnixMicros(us),
                          absl::UTCTimeZone());
}

}  // namespace

v1::Scope ScopeOf(const std::string& name) {
  v1::Scope scope = v1::SCOPE_UNSPECIFIED;
  v1::Scope_Parse("SCOPE_" + absl::AsciiStrToUpper(name), &scope);
  return scope;
}

Tokens::Tokens(store::Store& store, const WorkerTokens& workers,
               std::function<int64_t()> now_us)
    : store_(store), workers_(workers), now_us_(std::move(now_us)) {}

absl::StatusOr<std::unique_ptr<Tokens>> Tokens::Open(
    store::Store& store, const WorkerTokens& workers,
    std::function<int64_t()> now_us) {
  auto rows = store.Read([](store::Reader& reader)
                             -> absl::StatusOr<std::vector<store::TokenRow>> {
    return store::ReadTokens(reader, "");
  });
  if (!rows.ok()) return rows.status();
  std::unique_ptr<Tokens> tokens(new Tokens(store, workers, std::move(now_us)));
  for (const store::TokenRow& row : *rows) tokens->Add(row);
  return tokens;
}

absl::StatusOr<Caller> Tokens::Check(
    const std::optional<std::string>& authorization) const {
  absl::StatusOr<Bearer> bearer = ReadBearer(authorization);
  if (!bearer.ok()) return bearer.status();
  return bearer->is_worker ? CheckWorker(bearer->secret)
                           : CheckUser(bearer->secret);
}

absl::StatusOr<Caller> Tokens::CheckWorker(const std::string& secret) const {
  const std::optional<int64_t> number = workers_.Find(secret);
  if (!number.has_value()) {
    return NotAuthenticated(
        "TOKEN_UNKNOWN",
        "this worker's token is unknown: its process has been replaced, or it "
        "belongs to another server; the worker ends, and the server starts "
        "another where one is needed");
  }
  Caller caller;
  caller.user = absl::StrCat("workers/", *number);
  caller.scope = v1::SCOPE_WORKER;
  return caller;
}

absl::StatusOr<Caller> Tokens::CheckUser(const std::string& secret) const {
  const int64_t now_us = now_us_();
  MutexLock lock(mu_);
  const auto found = entries_.find(Sha256(secret));
  if (found == entries_.end()) {
    return NotAuthenticated(
        "TOKEN_UNKNOWN",
        absl::StrCat("this server does not know this token: it is of another "
                     "server or data folder; ",
                     HowToGetAToken()));
  }
  const Entry& entry = found->second;
  const std::string name = absl::StrCat("tokens/", entry.number);
  if (entry.revoke_us.has_value()) {
    return NotAuthenticated(
        "TOKEN_REVOKED",
        absl::StrCat("this token (", name, " of ", entry.user,
                     ") was revoked on ", When(*entry.revoke_us), "; ",
                     HowToGetAToken()));
  }
  if (entry.expire_us.has_value() && *entry.expire_us <= now_us) {
    return NotAuthenticated(
        "TOKEN_EXPIRED",
        absl::StrCat("this token (", name, " of ", entry.user, ") expired on ",
                     When(*entry.expire_us), "; ", HowToGetAToken()));
  }
  uses_[entry.number] = now_us;
  Caller caller;
  caller.user = absl::StrCat("users/", entry.user);
  caller.scope = entry.scope;
  caller.token = name;
  caller.expire_us = entry.expire_us;
  return caller;
}

void Tokens::Add(const store::TokenRow& row) {
  MutexLock lock(mu_);
  entries_[row.sha256] = Entry{.number = row.number,
                               .user = row.user,
                               .scope = ScopeOf(row.scope),
                               .expire_us = row.expire_time_us,
                               .revoke_us = row.revoke_time_us};
}

void Tokens::Revoke(int64_t number, int64_t now_us) {
  MutexLock lock(mu_);
  for (auto& [sha256, entry] : entries_) {
    if (entry.number == number && !entry.revoke_us.has_value()) {
      entry.revoke_us = now_us;
    }
  }
}

bool Tokens::IsAlive(const std::string& name) const {
  const int64_t now_us = now_us_();
  MutexLock lock(mu_);
  for (const auto& [sha256, entry] : entries_) {
    if (absl::StrCat("tokens/", entry.number) != name) continue;
    return !entry.revoke_us.has_value() &&
           (!entry.expire_us.has_value() || *entry.expire_us > now_us);
  }
  return false;
}

bool Tokens::empty() const {
  MutexLock lock(mu_);
  return entries_.empty();
}

absl::Status Tokens::StoreUses() {
  std::map<int64_t, int64_t> uses;
  {
    MutexLock lock(mu_);
    uses.swap(uses_);
  }
  if (uses.empty()) return absl::OkStatus();
  return store_.Write([uses](store::Transaction& transaction) {
    for (const auto& [number, time_us] : uses) {
      store::SetTokenUse(transaction, number, time_us);
    }
    return absl::OkStatus();
  });
}

}  // namespace engram
