#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "server/store/asked_chunks.h"
#include "server/store/blobs.h"
#include "server/store/reader_pool.h"
#include "server/store/store.h"
#include "server/store/writer.h"

namespace engram::store {

// Blobs in a database file of their own, so that a large chunk does not hold
// up a state change.
class BlobFile final : public Blobs {
 public:
  // Its clocks say when a chunk was stored, and how long it is spared.
  BlobFile(std::unique_ptr<Connection> connection, std::filesystem::path file,
           const StoreOptions& options);

  absl::StatusOr<std::vector<Digest>> FindMissing(
      std::span<const Digest> digests) override;
  absl::Status Put(std::span<const Chunk> chunks) override;
  absl::StatusOr<std::string> Get(const Digest& digest) override;
  int64_t commit_count() const override { return writer_.commit_count(); }

  // Removes chunks that are not in `used`, some hundred a commit, but for those
  // that are spared (asked_chunks.h). What is named after `used` was read was
  // asked for first, so it stays.
  absl::StatusOr<CollectResult> Collect(const absl::flat_hash_set<Digest>& used,
                                        bool dry_run);
  // Calls `visit` with every digest that is here, in order of storage.
  absl::Status ForEachDigest(const std::function<void(const Digest&)>& visit);
  // `read` on a snapshot of the file.
  absl::Status Read(const std::function<void(Reader&)>& read) {
    return readers_.Read(read);
  }

  Writer& writer() { return writer_; }

 private:
  struct Unused {
    int64_t key = 0;
    Digest digest{};
    int64_t byte_size = 0;  // as stored
  };
  absl::StatusOr<std::vector<Unused>> FindUnused(
      const absl::flat_hash_set<Digest>& used);
  absl::Status Remove(std::span<const Unused> batch, CollectResult& result);

  const std::function<int64_t()> now_us_;
  AskedChunks asked_;
  Writer writer_;
  ReaderPool readers_;  // after the writer: closed before it
};

}  // namespace engram::store
