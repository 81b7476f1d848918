// What the compiler must get right, and once did not (cmake/Numerics.cmake).

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace engram {
namespace {

constexpr double kTwoOnes[8] = {1, 1, 0, 0, 0, 0, 0, 0};

// Not inlined, so that the constant is copied and not folded away.
[[gnu::noinline]] void CopyTwoOnes(double* out) {
  std::memcpy(out, kTwoOnes, sizeof(kTwoOnes));
}

// As a vector holds a list of initial values.
[[gnu::noinline]] double Sum(const std::vector<double>& values) {
  double sum = 0;
  for (double value : values) sum += value;
  return sum;
}

TEST(CompilerTest, ConstantsWithZerosBehindThemAreCopiedWhole) {
  double copy[8] = {7, 7, 7, 7, 7, 7, 7, 7};
  CopyTwoOnes(copy);
  for (size_t i = 0; i < 8; ++i) EXPECT_EQ(copy[i], i < 2 ? 1 : 0) << i;
}

TEST(CompilerTest, ListsWithZerosAtTheirEndKeepThem) {
  const std::vector<double> two = {1, 1, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(Sum(two), 2);
  EXPECT_EQ(Sum(std::vector<double>{1, 1, 0, 0, 0, 0, 0, 0}), 2);
  EXPECT_EQ(Sum(std::vector<double>{1, 1, 0, 0}), 2);
}

}  // namespace
}  // namespace engram
