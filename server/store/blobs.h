#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/digest.h"

namespace engram::store {

inline constexpr int64_t kMaxChunkBytes = 1 << 20;

struct Chunk {
  Digest digest{};
  std::string data;         // plain, or one zstd frame
  bool compressed = false;  // whether it is that
};

struct CollectResult {
  int64_t chunk_count = 0;
  int64_t byte_size = 0;  // as stored
  // Not named either, but somebody may be about to: they stay.
  int64_t spared_chunk_count = 0;
  int64_t spared_byte_size = 0;

  void Count(bool is_spared, int64_t bytes) {
    ++(is_spared ? spared_chunk_count : chunk_count);
    (is_spared ? spared_byte_size : byte_size) += bytes;
  }
  void Add(const CollectResult& more) {
    chunk_count += more.chunk_count;
    byte_size += more.byte_size;
    spared_chunk_count += more.spared_chunk_count;
    spared_byte_size += more.spared_byte_size;
  }
};

// Bytes by their SHA-256, in chunks of at most 1 MiB of plain bytes, each kept
// once. Compressed where that makes them smaller. All calls are thread-safe
// and block on the disk.
class Blobs {
 public:
  virtual ~Blobs() = default;

  // Those that are not here. What is here stays for an hour at least, even if
  // nothing names it yet.
  virtual absl::StatusOr<std::vector<Digest>> FindMissing(
      std::span<const Digest> digests) = 0;
  // Durable when it returns; what is here costs no commit. INVALID_ARGUMENT
  // (then nothing is stored): a chunk too large, or not of its digest.
  virtual absl::Status Put(std::span<const Chunk> chunks) = 0;
  // Plain bytes. NOT_FOUND; DATA_LOSS: they do not match their digest.
  virtual absl::StatusOr<std::string> Get(const Digest& digest) = 0;
  virtual int64_t commit_count() const = 0;
};

}  // namespace engram::store
