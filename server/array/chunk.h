#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram {

// Bytes travel and are stored as chunks of this size; the last one of an array
// may be shorter.
inline constexpr int64_t kChunkBytes = int64_t{1} << 20;
// Length of a chunk's or a manifest's digest.
inline constexpr size_t kDigestBytes = 32;

// A piece of somebody else's bytes, named by their SHA-256.
struct Chunk {
  std::string digest;  // 32 bytes, not hex
  std::span<const std::byte> bytes;
};

// `bytes` in order, cut at multiples of kChunkBytes; none for no bytes.
std::vector<Chunk> CutIntoChunks(std::span<const std::byte> bytes);

// How a chunk lies in a message or a file: plain, or one zstd frame.
struct PackedChunk {
  std::string data;
  bool compressed = false;
};

// Whether some of the bytes here and there get smaller by compression: those
// of noisy weights do not, and to try all of them costs more than to hash them.
bool IsWorthPacking(std::span<const std::byte> plain);

// Compressed where that makes it smaller by a sixteenth at least.
PackedChunk Pack(std::span<const std::byte> plain);

// The plain bytes, which are those that `digest` names and at most kChunkBytes:
// anything else is INVALID_ARGUMENT.
absl::StatusOr<std::string> Unpack(absl::string_view data, bool compressed,
                                   absl::string_view digest);

}  // namespace engram
