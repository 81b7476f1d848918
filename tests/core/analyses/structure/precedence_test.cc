#include "core/analyses/structure/precedence.h"

#include <gtest/gtest.h>

#include <vector>

namespace engram {
namespace {

// Unit chain[k] reaches chain[k + 1].
Array<double> Chain(const std::vector<int64_t>& chain, double back = 0) {
  const int64_t n = static_cast<int64_t>(chain.size());
  Array<double> w(n, n);
  for (size_t k = 0; k + 1 < chain.size(); ++k) {
    w(chain[k + 1], chain[k]) = 1;
    w(chain[k], chain[k + 1]) = back;
  }
  return w;
}

TEST(PrecedenceTest, FindsTheOrderOfAHiddenChain) {
  const std::vector<int64_t> hidden = {3, 0, 4, 6, 1, 5, 2};
  for (const double back : {0.0, 0.9, -1.0}) {
    const Precedence p = ComputePrecedence(Chain(hidden, back));
    EXPECT_EQ(p.order, hidden) << back;
    EXPECT_NEAR(p.gradient_share, 1, 1e-8);
    EXPECT_NEAR(p.potential[3], -3, 1e-6);
    EXPECT_NEAR(p.potential[2], 3, 1e-6);
  }
}

TEST(PrecedenceTest, OnlyForwardWeightsLeadForward) {
  const std::vector<int64_t> hidden = {2, 0, 1};
  EXPECT_EQ(ComputePrecedence(Chain(hidden)).forward_share, 1);
  EXPECT_NEAR(ComputePrecedence(Chain(hidden, 0.5)).forward_share, 2.0 / 3,
              1e-15);
}

TEST(PrecedenceTest, ACycleHasNoOrder) {
  Array<double> w(3, 3);
  w(1, 0) = w(2, 1) = w(0, 2) = 1;
  const Precedence p = ComputePrecedence(w);
  EXPECT_NEAR(p.gradient_share, 0, 1e-8);
}

TEST(PrecedenceTest, SymmetricWeightsPutNobodyFirst) {
  Array<double> w(3, 3);
  w(0, 1) = w(1, 0) = 2;
  w(1, 2) = w(2, 1) = 0.1 + 0.2;
  w(2, 1) = 0.3;  // off by rounding
  const Precedence p = ComputePrecedence(w);
  EXPECT_EQ(p.order, (std::vector<int64_t>{0, 1, 2}));
  EXPECT_EQ(p.potential, (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(p.gradient_share, 0);
}

TEST(PrecedenceTest, BandsOfAChainAreBesideTheDiagonal) {
  const std::vector<int64_t> hidden = {1, 2, 0};
  const std::vector<double> bands = OrderedBands(Chain(hidden, 0.5), hidden);
  EXPECT_EQ(bands, (std::vector<double>{0, 0.5, 0, 1, 0}));
}

}  // namespace
}  // namespace engram
