#include "core/programs/checkpoint_format.h"

#include <gtest/gtest.h>

#include <string>

namespace engram {
namespace {

std::string Example() {
  CheckpointWriter out;
  out.Integer(-5);
  out.Real(0.1);
  out.Text("rule.weights");
  return out.Finish();
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
  const std::string bytes = CheckpointWriter().Finish();
  CheckpointReader in(bytes);
  ASSERT_TRUE(in.ok());
  EXPECT_EQ(in.Integer(), 0);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.Text(), "");
}

TEST(CheckpointFormatTest, ALengthBeyondTheBytesIsAFault) {
  for (int64_t length : {int64_t{-1}, int64_t{9}, INT64_MAX}) {
    CheckpointWriter out;
    out.Integer(length);
    const std::string bytes = out.Finish();
    CheckpointReader in(bytes);
    EXPECT_EQ(in.Text(), "");
    EXPECT_FALSE(in.ok());
  }
}

}  // namespace
}  // namespace engram
