#include "server/executor/worker_tokens.h"

#include <sys/random.h>

#include <array>

#include "absl/strings/escaping.h"
#include "core/base/contract.h"
#include "core/base/sha256.h"

namespace engram {

std::string WorkerTokens::New() {
  std::array<char, 32> secret{};
  ENGRAM_EXPECT(getrandom(secret.data(), secret.size(), 0) ==
                static_cast<ssize_t>(secret.size()));
  return absl::BytesToHexString(
      absl::string_view(secret.data(), secret.size()));
}

std::string WorkerTokens::Digest(absl::string_view token) {
  return Sha256Hex(token);
}

void WorkerTokens::Add(int64_t number, absl::string_view digest) {
  MutexLock lock(mu_);
  by_digest_[std::string(digest)] = number;
}

std::string WorkerTokens::Make(int64_t number) {
  std::string token = New();
  Add(number, Digest(token));
  return token;
}

std::optional<int64_t> WorkerTokens::Find(absl::string_view token) const {
  const std::string digest = Digest(token);
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
