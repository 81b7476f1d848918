#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "core/base/mutex.h"
#include "server/store/blobs.h"
#include "server/store/reader_pool.h"
#include "server/store/writer.h"

namespace engram::store {

// Blobs in a database file of their own, so that a large chunk does not hold
// up a state change.
class BlobFile final : public Blobs {
 public:
  // `now_us` is asked for the age of chunks.
  BlobFile(std::unique_ptr<Connection> connection, std::filesystem::path file,
           std::function<int64_t()> now_us);

  absl::StatusOr<std::vector<Digest>> FindMissing(
      std::span<const Digest> digests) override;
  absl::Status Put(std::span<const Chunk> chunks) override;
  absl::StatusOr<std::string> Get(const Digest& digest) override;
  int64_t commit_count() const override { return writer_.commit_count(); }

  // Removes chunks that are not in `used` and that nobody has stored or asked
  // for within the last hour.
  absl::StatusOr<CollectResult> Collect(const absl::flat_hash_set<Digest>& used,
                                        bool dry_run, int64_t now_us);
  // Calls `visit` with every digest that is here, in order of storage.
  absl::Status ForEachDigest(const std::function<void(const Digest&)>& visit);
  // `read` on a snapshot of the file.
  absl::Status Read(const std::function<void(Reader&)>& read) {
    return readers_.Read(read);
  }

  Writer& writer() { return writer_; }

 private:
  void Remember(std::span<const Digest> digests);
  void Forget(int64_t asked_before_us) ENGRAM_REQUIRES(mu_);
  absl::flat_hash_set<Digest> RecentlyAsked(int64_t now_us);

  const std::function<int64_t()> now_us_;
  Mutex mu_;
  // When somebody was last told that a chunk is here: he may be about to name
  // it, so it must not go meanwhile.
  absl::flat_hash_map<Digest, int64_t> asked_us_ GUARDED_BY(mu_);
  size_t forget_at_size_ GUARDED_BY(mu_) = 100'000;

  Writer writer_;
  ReaderPool readers_;  // after the writer: closed before it
};

}  // namespace engram::store
