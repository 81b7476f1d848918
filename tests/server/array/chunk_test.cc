#include "server/array/chunk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/sha256.h"

namespace engram {
namespace {

std::span<const std::byte> Bytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string DigestOf(const std::string& text) {
  const auto digest = Sha256(text);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Bytes without a pattern that zstd could find (xorshift, Marsaglia 2003).
std::string Noise(size_t n) {
  std::string text(n, '\0');
  uint64_t state = 88172645463325252ULL;
  for (char& c : text) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    c = static_cast<char>(state >> 32);
  }
  return text;
}

TEST(CutIntoChunksTest, CutsAtMultiplesAndLeavesTheRestToTheLast) {
  const std::string text = Noise(2 * kChunkBytes + 5);
  const std::vector<Chunk> chunks = CutIntoChunks(Bytes(text));
  ASSERT_EQ(chunks.size(), 3u);
  EXPECT_EQ(chunks[0].bytes.size(), static_cast<size_t>(kChunkBytes));
  EXPECT_EQ(chunks[2].bytes.size(), 5u);
  EXPECT_EQ(chunks[2].digest, DigestOf(text.substr(2 * kChunkBytes)));
  EXPECT_EQ(chunks[1].bytes.data(), Bytes(text).data() + kChunkBytes);
}

TEST(CutIntoChunksTest, FullChunksLeaveNoEmptyOne) {
  EXPECT_EQ(CutIntoChunks(Bytes(std::string(kChunkBytes, 'a'))).size(), 1u);
  EXPECT_TRUE(CutIntoChunks({}).empty());
}

TEST(PackTest, CompressesOnlyWhatGetsSmaller) {
  const std::string zeros(100000, '\0'), noise = Noise(100000);
  EXPECT_TRUE(Pack(Bytes(zeros)).compressed);
  EXPECT_LT(Pack(Bytes(zeros)).data.size(), 1000u);
  EXPECT_FALSE(Pack(Bytes(noise)).compressed);
  EXPECT_EQ(Pack(Bytes(noise)).data, noise);
}

TEST(PackTest, SeesFromAFewPiecesThatNoiseIsNotWorthIt) {
  const std::string noise = Noise(kChunkBytes);
  const std::string zeros(kChunkBytes / 2, '\0');
  EXPECT_FALSE(IsWorthPacking(Bytes(noise)));
  EXPECT_TRUE(IsWorthPacking(Bytes(zeros)));
  EXPECT_FALSE(IsWorthPacking({}));
  // Half of it is not noise, wherever that half is.
  const std::string half = noise.substr(0, kChunkBytes / 2);
  EXPECT_TRUE(Pack(Bytes(half + zeros)).compressed);
  EXPECT_TRUE(Pack(Bytes(zeros + half)).compressed);
  // A fiftieth less is not worth unpacking it.
  const std::string little = noise.substr(0, 15000) + std::string(300, '\0');
  EXPECT_FALSE(Pack(Bytes(little)).compressed);
}

TEST(UnpackTest, GivesBackWhatWasPacked) {
  for (const std::string& plain :
       {std::string(kChunkBytes, 'x'), Noise(kChunkBytes), std::string("a")}) {
    const PackedChunk packed = Pack(Bytes(plain));
    const auto unpacked =
        Unpack(packed.data, packed.compressed, DigestOf(plain));
    ASSERT_TRUE(unpacked.ok()) << unpacked.status();
    EXPECT_EQ(*unpacked, plain);
  }
}

TEST(UnpackTest, RefusesBytesThatTheDigestDoesNotName) {
  const auto unpacked = Unpack("abd", false, DigestOf("abc"));
  EXPECT_EQ(unpacked.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(unpacked.status().message()),
              testing::HasSubstr(Sha256Hex("abc")));
}

TEST(UnpackTest, RefusesAFrameThatGrowsBeyondAChunk) {
  const std::string plain(kChunkBytes + 1, 'x');
  const PackedChunk packed = Pack(Bytes(plain));
  ASSERT_TRUE(packed.compressed);
  EXPECT_FALSE(Unpack(packed.data, true, DigestOf(plain)).ok());
  EXPECT_FALSE(Unpack(plain, false, DigestOf(plain)).ok());
}

TEST(UnpackTest, RefusesWhatIsNoFrame) {
  EXPECT_EQ(Unpack("not a frame", true, DigestOf("")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace engram
