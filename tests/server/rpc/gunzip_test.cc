#include "server/rpc/gunzip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "tests/server/rpc/text_file.h"

namespace engram {
namespace {

using testing::HasSubstr;

// What `printf 'abc\nabc\nabc\n' | gzip -n9` writes.
std::string Packed() {
  return {
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x4c\x4a\xe6"
      "\x4a\x84\x62\x00\xf2\x3a\x10\xcd\x0c\x00\x00\x00",
      26};
}

std::string Pack(const std::string& plain) {
  z_stream stream = {};
  EXPECT_EQ(
      deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
      Z_OK);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

absl::StatusOr<std::string> Unpacked(const std::string& packed,
                                     int64_t most = int64_t{1} << 30) {
  std::string plain;
  const absl::Status status =
      Gunzip(TextFile(packed), most, [&](absl::string_view some) {
        plain.append(some.data(), some.size());
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return plain;
}

std::string Refusal(const std::string& packed,
                    int64_t most = int64_t{1} << 30) {
  const auto plain = Unpacked(packed, most);
  EXPECT_EQ(plain.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(plain.status().message());
}

TEST(GunzipTest, KnowsAPackedFileByItsFirstBytes) {
  EXPECT_TRUE(*IsGzip(TextFile(Packed())));
  EXPECT_FALSE(*IsGzip(TextFile("\x1f")));
  EXPECT_FALSE(*IsGzip(TextFile("abc")));
}

TEST(GunzipTest, GivesWhatGzipPacked) {
  const auto plain = Unpacked(Packed());
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(*plain, "abc\nabc\nabc\n");
}

TEST(GunzipTest, MembersFollowEachOther) {
  EXPECT_EQ(*Unpacked(Packed() + Packed()), "abc\nabc\nabc\nabc\nabc\nabc\n");
}

// Both sides are longer than the pieces in which they are read and given.
TEST(GunzipTest, LongFilesComeInPieces) {
  std::string plain;
  uint32_t state = 1;
  while (plain.size() < (size_t{2} << 20)) {
    state = state * 1664525 + 1013904223;
    plain += static_cast<char>(state >> 24);
  }
  plain += std::string(size_t{3} << 20, 'x');
  const auto unpacked = Unpacked(Pack(plain));
  ASSERT_TRUE(unpacked.ok()) << unpacked.status();
  EXPECT_TRUE(*unpacked == plain);
}

TEST(GunzipTest, ABombIsRefusedByWhatComesOutOfIt) {
  const std::string bomb = Pack(std::string(size_t{8} << 20, '\0'));
  EXPECT_LT(bomb.size(), 20'000u);
  EXPECT_THAT(Refusal(bomb, int64_t{2} << 20), HasSubstr("to more than 2"));
}

TEST(GunzipTest, SaysWhatIsDamaged) {
  for (size_t size = 2; size < Packed().size(); ++size) {
    EXPECT_THAT(Refusal(Packed().substr(0, size)), HasSubstr("cut off"))
        << size;
  }
  std::string altered = Packed();
  altered[altered.size() - 6] ^= 1;
  EXPECT_THAT(Refusal(altered), HasSubstr("incorrect data check"));
  EXPECT_THAT(Refusal(Packed() + "abc"), HasSubstr("incorrect header check"));
}

}  // namespace
}  // namespace engram
