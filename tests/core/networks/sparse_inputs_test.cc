#include "core/networks/sparse_inputs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace engram {
namespace {

TEST(SparseInputsTest, EveryUnitHasItsInputsOnceAndNeverItself) {
  Parallel parallel(1);
  const RandomStream stream(1, "network", "connectivity");
  for (int64_t in_degree : {1, 7, 40, 99}) {
    const Array<int32_t> pre = DrawInputs(100, in_degree, stream, parallel);
    ASSERT_EQ(pre.rows(), in_degree);
    for (int64_t i = 0; i < 100; ++i) {
      for (int64_t k = 0; k < in_degree; ++k) {
        EXPECT_NE(pre(k, i), i);
        EXPECT_TRUE(pre(k, i) >= 0 && pre(k, i) < 100);
        if (k == 0) continue;
        EXPECT_LT(pre(k - 1, i), pre(k, i));
      }
    }
  }
}

// Out-degrees of 1000 units with 50 inputs each are binomial: mean 50,
// variance 1000 (50/999) (1 - 50/999) = 47.5. Their sample variance has a
// standard error of 47.5 sqrt(2 / 1000) = 2.1.
TEST(SparseInputsTest, EveryUnitIsAsLikelyAnInput) {
  Parallel parallel(1);
  const Array<int32_t> pre = DrawInputs(
      1000, 50, RandomStream(3, "network", "connectivity"), parallel);
  std::vector<double> out_degree(1000);
  for (int32_t j : pre.span()) out_degree[static_cast<size_t>(j)] += 1;
  double squares = 0;
  for (double degree : out_degree) squares += (degree - 50) * (degree - 50);
  EXPECT_NEAR(squares / 1000, 47.5, 5 * 2.1);
  // Units before and behind the receiving one are drawn alike: 25,000 of the
  // 50,000 inputs come from below, give or take sqrt(50,000 / 4) and what the
  // place of the unit adds.
  int64_t below = 0;
  for (int64_t i = 0; i < 1000; ++i) {
    for (int64_t k = 0; k < 50; ++k) below += pre(k, i) < i;
  }
  EXPECT_NEAR(static_cast<double>(below), 25000, 5 * std::sqrt(12500.0));
}

TEST(SparseInputsTest, TheProductIsTheSumOverInputs) {
  Parallel parallel(1);
  const Array<int32_t> pre =
      DrawInputs(9, 3, RandomStream(1, "network", "connectivity"), parallel);
  Array<double> w(3, 9);
  RandomStream(2, "network", "weights").FillNormal(0, w.span());
  std::vector<double> r(9), out(9, 1.0);
  RandomStream(2, "network", "rates").Fill(0, r);
  AddSparseProduct(pre, w, r, 2, 9, out.data());
  EXPECT_EQ(out[1], 1);
  for (int64_t i = 2; i < 9; ++i) {
    double sum = 0;
    for (int64_t k = 0; k < 3; ++k) {
      sum += w(k, i) * r[static_cast<size_t>(pre(k, i))];
    }
    EXPECT_DOUBLE_EQ(out[static_cast<size_t>(i)], 1 + sum);
  }
}

}  // namespace
}  // namespace engram
