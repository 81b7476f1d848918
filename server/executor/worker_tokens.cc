#include "server/executor/worker_tokens.h"

#include <sys/random.h>

#include <array>

#include "absl/strings/escaping.h"
#include "core/base/contract.h"
#include "core/base/sha256.h"

namespace engram {

std::string WorkerTokens::Make(int64_t number) {
  std::array<char, 32> secret{};
  ENGRAM_EXPECT(getrandom(secret.data(), secret.size(), 0) ==
                static_cast<ssize_t>(secret.size()));
  const std::string token =
      absl::BytesToHexString(absl::string_view(secret.data(), secret.size()));
  MutexLock lock(mu_);
  by_digest_[Sha256Hex(token)] = number;
  return token;
}

std::optional<int64_t> WorkerTokens::Find(absl::string_view token) const {
  const std::string digest = Sha256Hex(token);
  MutexLock lock(mu_);
  const auto it = by_digest_.find(digest);
  if (it == by_digest_.end()) return std::nullopt;
  return it->second;
}

void WorkerTokens::End(int64_t number) {
  MutexLock lock(mu_);
  std::erase_if(by_digest_,
                [&](const auto& entry) { return entry.second == number; });
}

}  // namespace engram
