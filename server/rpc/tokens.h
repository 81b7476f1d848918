#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/mutex.h"
#include "server/rpc/caller.h"

namespace engram {

class Store;

// A fresh secret, "engram_" and 256 bits from the operating system in hex.
std::string NewSecret();

// Who bears which token. The stored ones are held in memory, too, so that a
// check costs no read; the store has their SHA-256 alone. Thread-safe.
class Tokens {
 public:
  // Reads the stored tokens. The store outlives the object.
  static absl::StatusOr<std::unique_ptr<Tokens>> Open(
      Store& store, std::function<int64_t()> now_us);

  // Who sends this "authorization" header. UNAUTHENTICATED says which of
  // missing, malformed, unknown, expired, revoked it is, and how to get one.
  absl::StatusOr<Caller> Check(
      const std::optional<std::string>& authorization) const;

  // Called by the calls that make and end tokens, after the commit.
  struct Entry {
    std::string name;  // "tokens/3"
    std::string user;  // "users/ada"
    v1::Scope scope = v1::SCOPE_UNSPECIFIED;
    std::optional<int64_t> expire_us;
    std::optional<int64_t> revoke_us;
  };
  void Add(const std::string& sha256_hex, Entry entry);
  void Revoke(const std::string& name, int64_t now_us);

  // The token of one worker process: known here alone, good for Workers and
  // Blobs, ends with EndWorker or the server.
  std::string AddWorker(const std::string& worker);
  void EndWorker(const std::string& worker);

  // Last use by token name, since the last call of this: what the server
  // writes to the store now and then.
  std::map<std::string, int64_t> TakeUses();

 private:
  explicit Tokens(std::function<int64_t()> now_us);

  const std::function<int64_t()> now_us_;
  mutable Mutex mu_;
  // By SHA-256 of the secret, in hex.
  std::map<std::string, Entry> entries_ GUARDED_BY(mu_);
  mutable std::map<std::string, int64_t> uses_ GUARDED_BY(mu_);
};

}  // namespace engram
