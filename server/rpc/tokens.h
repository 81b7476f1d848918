#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "server/rpc/caller.h"

namespace engram::store {
class Store;
struct TokenRow;
}  // namespace engram::store

namespace engram {

class WorkerTokens;

// Who bears which token. The stored ones are held in memory, too, so that a
// check costs no read; the store has their SHA-256 alone. Thread-safe.
class Tokens {
 public:
  // Reads the stored tokens. Store and worker tokens outlive the object.
  static absl::StatusOr<std::unique_ptr<Tokens>> Open(
      store::Store& store, const WorkerTokens& workers,
      std::function<int64_t()> now_us);

  // Who sends this "authorization" header: user, scope, token and expiry of a
  // Caller. UNAUTHENTICATED says which of missing, malformed, unknown, expired
  // or revoked the token is, and how to get one.
  absl::StatusOr<Caller> Check(
      const std::optional<std::string>& authorization) const;

  // Called by what makes and ends tokens, once that is durable.
  void Add(const store::TokenRow& row);
  void Revoke(int64_t number, int64_t now_us);

  // Whether the token of that name, "tokens/3", still opens anything.
  bool IsAlive(const std::string& name) const;
  bool empty() const;
  // Writes when tokens were last used, as far as that is new: due now and
  // then, because a write at every call would cost more than the calls.
  absl::Status StoreUses();

 private:
  struct Entry {
    int64_t number = 0;
    std::string user;  // "ada"
    v1::Scope scope = v1::SCOPE_UNSPECIFIED;
    std::optional<int64_t> expire_us;
    std::optional<int64_t> revoke_us;
  };

  Tokens(store::Store& store, const WorkerTokens& workers,
         std::function<int64_t()> now_us);
  absl::StatusOr<Caller> CheckUser(const std::string& secret) const;
  absl::StatusOr<Caller> CheckWorker(const std::string& secret) const;

  store::Store& store_;
  const WorkerTokens& workers_;
  const std::function<int64_t()> now_us_;
  mutable Mutex mu_;
  // By the SHA-256 of the secret.
  std::map<std::array<uint8_t, 32>, Entry> entries_ GUARDED_BY(mu_);
  mutable std::map<int64_t, int64_t> uses_ GUARDED_BY(mu_);
};

// The scope of that name, UNSPECIFIED for none; see ScopeName.
v1::Scope ScopeOf(const std::string& name);

}  // namespace engram
