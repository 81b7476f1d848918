#include "core/base/sha256.h"

#include <gtest/gtest.h>

#include <string>

namespace engram {
namespace {

// The one- and two-block examples of FIPS 180-4, and the empty message.
TEST(Sha256Test, MatchesTheStandardsExamples) {
  EXPECT_EQ(Sha256Hex(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256Test, ReadsBytesBehindANul) {
  EXPECT_NE(Sha256Hex(absl::string_view("a\0b", 3)), Sha256Hex("a"));
}

TEST(Sha256Test, BytesAreWhatTheDigitsSay) {
  EXPECT_EQ(Sha256("abc")[0], 0xba);
  EXPECT_EQ(Sha256("abc")[31], 0xad);
}

TEST(Sha256Test, PiecesGiveTheSameAsTheWhole) {
  const std::string text(100'000, 'a');
  Sha256Stream stream;
  for (size_t at = 0; at < text.size(); at += 777) {
    stream.Add(absl::string_view(text).substr(at, 777));
  }
  EXPECT_EQ(stream.Finish(), Sha256(text));
  EXPECT_EQ(Sha256Stream().Finish(), Sha256(""));
}

}  // namespace
}  // namespace engram
