#include "server/rpc/chunk_sink.h"

#include <algorithm>
#include <span>

#include "server/array/chunk.h"
#include "server/array/manifest.h"
#include "server/rpc/put_chunks.h"

namespace engram {

absl::Status ChunkSink::Add(absl::string_view bytes) {
  byte_size_ += static_cast<int64_t>(bytes.size());
  constexpr auto kWhole = static_cast<size_t>(kChunkBytes);
  while (!bytes.empty()) {
    const absl::string_view some =
        bytes.substr(0, std::min(bytes.size(), kWhole - rest_.size()));
    rest_.append(some.data(), some.size());
    bytes.remove_prefix(some.size());
    if (rest_.size() < kWhole) break;
    if (auto put = Put(rest_); !put.ok()) return put;
    rest_.clear();
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ArrayManifest> ChunkSink::Finish(const ArrayFacts& facts) {
  if (!rest_.empty()) {
    if (auto put = Put(rest_); !put.ok()) return put;
    rest_.clear();
  }
  v1::ArrayManifest manifest;
  manifest.set_type(ToProto(facts.type));
  manifest.set_order(ToProto(facts.order));
  for (const int64_t length : facts.shape) manifest.add_shape(length);
  manifest.set_unit("1");
  manifest.set_byte_size(byte_size_);
  for (const std::string& digest : digests_) manifest.add_chunks(digest);
  manifest.set_digest(ArrayDigest(manifest));
  // What a reader of files gets wrong must not be stored.
  if (auto fault = CheckManifest(manifest); !fault.ok()) return fault;
  return manifest;
}

absl::Status ChunkSink::Put(absl::string_view bytes) {
  const std::vector<Chunk> chunks =
      CutIntoChunks(std::as_bytes(std::span(bytes.data(), bytes.size())));
  for (const Chunk& chunk : chunks) digests_.push_back(chunk.digest);
  return PutChunks(chunks, blobs_);
}

}  // namespace engram
