#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/mutex.h"

namespace engram {

// Tokens of scope `worker`: made for each worker process, ending with it, good
// for Workers and Blobs alone. They live in memory, as digests. Thread-safe.
class WorkerTokens {
 public:
  // A new token for worker `number`: 256 random bits in hex.
  std::string Make(int64_t number);
  // Whose token it is; nothing when it was never made or has ended.
  std::optional<int64_t> Find(absl::string_view token) const;
  void End(int64_t number);

 private:
  mutable Mutex mu_;
  std::map<std::string, int64_t> by_digest_ GUARDED_BY(mu_);
};

}  // namespace engram
