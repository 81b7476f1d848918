#include <gtest/gtest.h>

#include "tests/core/spiking/connectivity/pairs.h"

namespace engram {
namespace {

TEST(FixedInDegreeTest, EveryTargetHasItsNumberOfSynapses) {
  for (const int64_t in_degree : {0, 1, 63, 64, 65, 300}) {
    const Pairs pairs(
        ConnectivityOf("fixed_in_degree", {{"in_degree", in_degree}}),
        {.n_pre = 64, .n_post = 40, .is_recurrent = false, .seed = 1});
    for (int64_t i = 0; i < 40; ++i) EXPECT_EQ(pairs.InDegree(i), in_degree);
  }
}

// 30 sources of 64 for each of 2000 targets: with repetition a source's
// out-degree is one of 64 multinomial counts.
TEST(FixedInDegreeTest, SourcesAreDrawnAmongAllWithRepetition) {
  const Pairs pairs(
      ConnectivityOf("fixed_in_degree", {{"in_degree", 30}}),
      {.n_pre = 64, .n_post = 2000, .is_recurrent = false, .seed = 2});
  ExpectEquallyLikely(pairs.OutDegrees());
  EXPECT_GT(pairs.Largest(), 1);
}

// Hypergeometric in each row: the out-degree of a source is the sum over 2000
// targets of a draw of chance q = 30/64, with variance 2000 q (1 - q) = 498.
TEST(FixedInDegreeTest, WithoutMultapsesNoPairHasTwo) {
  const Pairs pairs(
      ConnectivityOf("fixed_in_degree",
                     {{"in_degree", 30}, {"multapses", false}}),
      {.n_pre = 64, .n_post = 2000, .is_recurrent = false, .seed = 2});
  EXPECT_EQ(pairs.Largest(), 1);
  for (const int64_t degree : pairs.OutDegrees()) {
    EXPECT_NEAR(static_cast<double>(degree), 937.5, 5 * std::sqrt(498.0));
  }
}

TEST(FixedInDegreeTest, WithoutMultapsesAllUnitsCanBeSources) {
  const Pairs pairs(ConnectivityOf("fixed_in_degree",
                                   {{"in_degree", 70}, {"multapses", false}}),
                    {.n_pre = 70, .n_post = 5, .is_recurrent = false});
  for (const int64_t count : pairs.counts()) EXPECT_EQ(count, 1);
}

TEST(FixedInDegreeTest, WithoutAutapsesNoUnitIsItsOwnSource) {
  for (const bool multapses : {false, true}) {
    const Pairs pairs(
        ConnectivityOf(
            "fixed_in_degree",
            {{"in_degree", 9}, {"multapses", multapses}, {"autapses", false}}),
        {.n_pre = 10, .n_post = 10, .is_recurrent = true});
    for (int64_t i = 0; i < 10; ++i) {
      EXPECT_EQ(pairs(i, i), 0);
      EXPECT_EQ(pairs.InDegree(i), 9);
    }
  }
}

// Between different populations unit i of one is not unit i of the other.
TEST(FixedInDegreeTest, AutapsesAreNoneBetweenPopulations) {
  const Pairs pairs(ConnectivityOf("fixed_in_degree", {{"in_degree", 10},
                                                       {"multapses", false},
                                                       {"autapses", false}}),
                    {.n_pre = 10, .n_post = 10, .is_recurrent = false});
  EXPECT_EQ(pairs(3, 3), 1);
}

TEST(FixedOutDegreeTest, EverySourceHasItsNumberOfSynapses) {
  for (const bool multapses : {false, true}) {
    const Pairs pairs(
        ConnectivityOf("fixed_out_degree",
                       {{"out_degree", 25}, {"multapses", multapses}}),
        {.n_pre = 2000, .n_post = 50, .is_recurrent = false, .seed = 3});
    for (int64_t j = 0; j < 2000; ++j) EXPECT_EQ(pairs.OutDegree(j), 25);
    if (multapses) {
      ExpectEquallyLikely(pairs.InDegrees());
    } else {
      EXPECT_EQ(pairs.Largest(), 1);
    }
  }
}

// 40 x 50 pairs, 100,000 synapses: each pair's count is multinomial.
TEST(FixedTotalTest, EveryPairIsAsLikelyForEachSynapse) {
  const Pairs pairs(
      ConnectivityOf("fixed_total", {{"synapses", 100000}}),
      {.n_pre = 40, .n_post = 50, .is_recurrent = false, .seed = 4});
  EXPECT_EQ(pairs.Total(), 100000);
  ExpectEquallyLikely(pairs.counts());
  ExpectEquallyLikely(pairs.InDegrees());
  ExpectEquallyLikely(pairs.OutDegrees());
}

TEST(FixedTotalTest, WithoutAutapsesTheDiagonalIsEmpty) {
  const Pairs pairs(
      ConnectivityOf("fixed_total", {{"synapses", 5000}, {"autapses", false}}),
      {.n_pre = 20, .n_post = 20, .is_recurrent = true});
  EXPECT_EQ(pairs.Total(), 5000);
  std::vector<int64_t> others;
  for (int64_t j = 0; j < 20; ++j) {
    EXPECT_EQ(pairs(j, j), 0);
    for (int64_t i = 0; i < 20; ++i) {
      if (i != j) others.push_back(pairs(j, i));
    }
  }
  ExpectEquallyLikely(others);
}

}  // namespace
}  // namespace engram
