#include "server/rpc/size_text.h"

#include "gtest/gtest.h"

namespace engram {
namespace {

TEST(SizeTextTest, HasTwoDigitsOrMoreAndTheUnitThatKeepsThemFew) {
  EXPECT_EQ(SizeText(0), "0 B");
  EXPECT_EQ(SizeText(999), "999 B");
  EXPECT_EQ(SizeText(1000), "1.0 kB");
  EXPECT_EQ(SizeText(9'949), "9.9 kB");
  EXPECT_EQ(SizeText(9'951), "10 kB");
  EXPECT_EQ(SizeText(999'499), "999 kB");
  EXPECT_EQ(SizeText(999'500), "1.0 MB");
  EXPECT_EQ(SizeText(288'000'000'000), "288 GB");
  EXPECT_EQ(SizeText(5'000'000'000'000'000), "5000 TB");
  EXPECT_EQ(SizeText(-2'500'000), "-2.5 MB");
}

}  // namespace
}  // namespace engram
