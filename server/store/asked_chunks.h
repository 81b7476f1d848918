#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "core/base/mutex.h"
#include "server/store/digest.h"

namespace engram::store {

// Whom a collection spares. Who was told that a chunk is here, or has stored
// it, has an hour to name it in a row; meanwhile it must not go, although
// nothing names it yet. What was said before this object was made is not known,
// so for its first hour everything is spared. Hours are of a clock that never
// jumps. Thread-safe.
class AskedChunks {
 public:
  explicit AskedChunks(std::function<int64_t()> steady_us);

  // Somebody stores these now or asks for them: before it is looked whether
  // they are here. Returns those that are on their way out; they count as
  // missing, and stored again they stay.
  absl::flat_hash_set<Digest> Remember(std::span<const Digest> digests);
  bool IsSpared(const Digest& digest) const;
  // In the transaction that removes the chunk: false when it is spared.
  bool MayGo(const Digest& digest);
  // After that transaction, whether it was kept or not.
  void HaveGone();

 private:
  bool IsSparedAt(const Digest& digest, int64_t now_us) const
      ENGRAM_REQUIRES(mu_);

  const std::function<int64_t()> steady_us_;
  const int64_t since_us_;
  mutable Mutex mu_;
  absl::flat_hash_map<Digest, int64_t> asked_us_ GUARDED_BY(mu_);
  absl::flat_hash_set<Digest> going_ GUARDED_BY(mu_);
  size_t forget_at_size_ GUARDED_BY(mu_) = 100'000;
};

}  // namespace engram::store
