#include "server/array/chunk.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"

namespace engram {
namespace {

// Fast enough not to hold up a run that stores many weights; higher levels
// gain a few percent on arrays of reals and cost several times as much.
constexpr int kCompressionLevel = 1;

// A chunk of weights is told by pieces of this size, of which its beginning,
// middle and end are tried: 1 % of the time that all of it would take.
constexpr size_t kProbeBytes = 4096;

// Less than a sixteenth is not worth the time to read it back.
size_t MostWorthwhile(size_t plain) { return plain - plain / 16; }

absl::string_view AsText(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string DigestOf(absl::string_view bytes) {
  const std::array<uint8_t, kDigestBytes> digest = Sha256(bytes);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

absl::Status TooLong(int64_t got) {
  return absl::InvalidArgumentError(
      absl::StrCat("a chunk has ", got, " bytes; at most ", kChunkBytes,
                   " are allowed: cut it at multiples of that"));
}

absl::StatusOr<std::string> Decompress(absl::string_view frame) {
  std::string plain(static_cast<size_t>(kChunkBytes), '\0');
  const size_t n =
      ZSTD_decompress(plain.data(), plain.size(), frame.data(), frame.size());
  if (ZSTD_isError(n)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a compressed chunk is not one zstd frame of at most ",
                     kChunkBytes, " plain bytes: ", ZSTD_getErrorName(n)));
  }
  plain.resize(n);
  return plain;
}

}  // namespace

std::vector<Chunk> CutIntoChunks(std::span<const std::byte> bytes) {
  std::vector<Chunk> chunks;
  const size_t step = static_cast<size_t>(kChunkBytes);
  for (size_t begin = 0; begin < bytes.size(); begin += step) {
    const std::span<const std::byte> piece =
        bytes.subspan(begin, std::min(step, bytes.size() - begin));
    chunks.push_back({DigestOf(AsText(piece)), piece});
  }
  return chunks;
}

bool IsWorthPacking(std::span<const std::byte> plain) {
  if (plain.size() <= 4 * kProbeBytes) return !plain.empty();
  std::string probe;
  for (const size_t begin : {size_t{0}, (plain.size() - kProbeBytes) / 2,
                             plain.size() - kProbeBytes})
    absl::StrAppend(&probe, AsText(plain.subspan(begin, kProbeBytes)));
  std::string frame(ZSTD_compressBound(probe.size()), '\0');
  const size_t n = ZSTD_compress(frame.data(), frame.size(), probe.data(),
                                 probe.size(), kCompressionLevel);
  return !ZSTD_isError(n) && n <= MostWorthwhile(probe.size());
}

PackedChunk Pack(std::span<const std::byte> plain) {
  if (!IsWorthPacking(plain)) return {std::string(AsText(plain)), false};
  std::string frame(ZSTD_compressBound(plain.size()), '\0');
  const size_t n = ZSTD_compress(frame.data(), frame.size(), plain.data(),
                                 plain.size(), kCompressionLevel);
  if (ZSTD_isError(n) || n > MostWorthwhile(plain.size())) {
    return {std::string(AsText(plain)), false};
  }
  frame.resize(n);
  return {std::move(frame), true};
}

absl::StatusOr<std::string> Unpack(absl::string_view data, bool compressed,
                                   absl::string_view digest) {
  if (static_cast<int64_t>(data.size()) > kChunkBytes) {
    return TooLong(static_cast<int64_t>(data.size()));
  }
  absl::StatusOr<std::string> plain =
      compressed ? Decompress(data) : std::string(data);
  if (!plain.ok()) return plain;
  const std::string found = DigestOf(*plain);
  if (found != digest) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a chunk's bytes have the SHA-256 ", absl::BytesToHexString(found),
        ", but it was named ", absl::BytesToHexString(digest)));
  }
  return plain;
}

}  // namespace engram
