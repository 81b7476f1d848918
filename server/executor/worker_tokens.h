#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/mutex.h"

namespace engram {

// Tokens of scope `worker`: made for each worker process, ending with it, good
// for Workers and Blobs alone. Here and in the store they are digests: workers
// outlive a server, and the next one knows them. Thread-safe.
class WorkerTokens {
 public:
  // A token that nobody has yet: 256 random bits in hex.
  static std::string New();
  // What is stored of a token.
  static std::string Digest(absl::string_view token);

  // From now on the token with this digest is that of worker `number`.
  void Add(int64_t number, absl::string_view digest);
  // New and Add.
  std::string Make(int64_t number);
  // Whose token it is; nothing when it was never made or has ended.
  std::optional<int64_t> Find(absl::string_view token) const;
  void End(int64_t number);

 private:
  mutable Mutex mu_;
  std::map<std::string, int64_t> by_digest_ GUARDED_BY(mu_);
};

}  // namespace engram
