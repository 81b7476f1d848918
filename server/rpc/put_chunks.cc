#include "server/rpc/put_chunks.h"

#include <utility>

#include "server/store/blobs.h"

namespace engram {

absl::Status PutChunks(std::span<const Chunk> chunks, store::Blobs& blobs) {
  for (const Chunk& chunk : chunks) {
    auto digest = store::DigestFromBytes(chunk.digest);
    if (!digest.ok()) return digest.status();
    PackedChunk packed = Pack(chunk.bytes);
    const store::Chunk stored{.digest = *digest,
                              .data = std::move(packed.data),
                              .compressed = packed.compressed};
    absl::Status put = blobs.Put(std::span(&stored, 1));
    if (!put.ok()) return put;
  }
  return absl::OkStatus();
}

}  // namespace engram
