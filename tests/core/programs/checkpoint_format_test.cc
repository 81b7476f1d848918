#include "core/programs/checkpoint_format.h"

#include <gtest/gtest.h>

#include <string>

namespace engram {
namespace {

// What a writer sends to its sink, in all.
std::string Written(absl::FunctionRef<void(CheckpointWriter&)> fill) {
  std::string bytes;
  const auto sink = [&](absl::string_view piece) {
    EXPECT_LE(piece.size(), 1u << 20);
    bytes.append(piece.data(), piece.size());
    return absl::OkStatus();
  };
  CheckpointWriter out(sink);
  fill(out);
  EXPECT_TRUE(out.Finish().ok());
  return bytes;
}

std::string Example() {
  return Written([](CheckpointWriter& out) {
    out.Integer(-5);
    out.Real(0.1);
    out.Text("rule.weights");
  });
}

TEST(CheckpointFormatTest, GivesBackWhatWasWritten) {
  const std::string bytes = Example();
  CheckpointReader in(bytes);
  ASSERT_TRUE(in.ok()) << in.fault();
  EXPECT_EQ(in.Integer(), -5);
  EXPECT_EQ(in.Real(), 0.1);
  EXPECT_EQ(in.Text(), "rule.weights");
  EXPECT_TRUE(in.at_end());
  EXPECT_TRUE(in.ok());
}

TEST(CheckpointFormatTest, EveryCutAndEveryFlippedBitShows) {
  const std::string bytes = Example();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(CheckpointReader(bytes.substr(0, size)).ok()) << size;
  }
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 4);
    EXPECT_FALSE(CheckpointReader(altered).ok()) << at;
  }
}

TEST(CheckpointFormatTest, SaysWhichFormatItCannotRead) {
  EXPECT_EQ(CheckpointReader("engram checkpoint 2\nwhatever").fault(),
            "it has format 2, this build reads format 1");
  EXPECT_EQ(CheckpointReader("PNG").fault(), "these bytes are none");
}

TEST(CheckpointFormatTest, ReadingPastTheEndIsAFaultAndNoCrash) {
  const std::string bytes = Written([](CheckpointWriter&) {});
  CheckpointReader in(bytes);
  ASSERT_TRUE(in.ok());
  EXPECT_EQ(in.Integer(), 0);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.Text(), "");
}

TEST(CheckpointFormatTest, ALengthBeyondTheBytesIsAFault) {
  for (int64_t length : {int64_t{-1}, int64_t{9}, INT64_MAX}) {
    const std::string bytes =
        Written([&](CheckpointWriter& out) { out.Integer(length); });
    CheckpointReader in(bytes);
    EXPECT_EQ(in.Text(), "");
    EXPECT_FALSE(in.ok());
  }
}

TEST(CheckpointFormatTest, LargeFieldsKeepTheirPlace) {
  const std::string large(5'000'000, 'x'), medium(100'000, 'y');
  const std::string bytes = Written([&](CheckpointWriter& out) {
    out.Integer(1);
    out.Text(large);
    out.Integer(2);
    out.Text(medium);
    out.Text("");
    out.Integer(3);
  });
  CheckpointReader in(bytes);
  ASSERT_TRUE(in.ok()) << in.fault();
  EXPECT_EQ(in.Integer(), 1);
  EXPECT_TRUE(in.Text() == large);
  EXPECT_EQ(in.Integer(), 2);
  EXPECT_TRUE(in.Text() == medium);
  EXPECT_EQ(in.Text(), "");
  EXPECT_EQ(in.Integer(), 3);
  EXPECT_TRUE(in.at_end());
}

TEST(CheckpointFormatTest, ASinkThatFailsIsNotAskedAgain) {
  int asked = 0;
  const auto sink = [&](absl::string_view) -> absl::Status {
    ++asked;
    return absl::ResourceExhaustedError("no space left");
  };
  CheckpointWriter out(sink);
  out.Text(std::string(5'000'000, 'x'));
  EXPECT_EQ(out.Finish().message(), "no space left");
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace engram
