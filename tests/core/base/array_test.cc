#include "core/base/array.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace engram {
namespace {

TEST(ArrayTest, IsZeroAlignedAndPaddedToWholePackets) {
  for (int64_t rows : {1, 7, 8, 9, 100}) {
    const Array<double> a(rows, 3);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(a.data()) % 64, 0u);
    EXPECT_EQ(a.padded_size() % 8, 0u);
    EXPECT_GE(a.padded_size(), a.size());
    for (double value : a.padded()) EXPECT_EQ(value, 0);
  }
}

TEST(ArrayTest, IsColumnMajorForItselfAndForEigen) {
  Array<double> a(3, 2);
  a(2, 1) = 5;
  EXPECT_EQ(a[5], 5);
  EXPECT_EQ(a.col(1)[2], 5);
  EXPECT_EQ(a.map()(2, 1), 5);
  a.map()(0, 1) = 4;
  EXPECT_EQ(a(0, 1), 4);
  EXPECT_EQ(a.bytes().size(), 6 * sizeof(double));
}

TEST(ArrayTest, CopiesAreApart) {
  Array<int64_t> a(4);
  a[1] = 7;
  Array<int64_t> b = a;
  b[1] = 8;
  EXPECT_EQ(a[1], 7);
  Array<int64_t> c(9);
  c = b;
  EXPECT_EQ(c.rows(), 4);
  EXPECT_EQ(c[1], 8);
}

TEST(ArrayTest, MayBeEmpty) {
  Array<float> a(0, 5);
  EXPECT_EQ(a.size(), 0u);
  EXPECT_TRUE(a.span().empty());
  const Array<float> b = a;
  EXPECT_EQ(b.cols(), 5);
}

}  // namespace
}  // namespace engram
