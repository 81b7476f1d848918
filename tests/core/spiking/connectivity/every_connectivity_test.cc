// What holds of every connectivity in the catalog.

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/core/spiking/connectivity/pairs.h"

namespace engram {
namespace {

Component Small(const std::string& type) {
  if (type == "explicit_list") {
    return ConnectivityOf(
        type, {{"pre", Value::List{Value(3), Value(0), Value(3), Value(59)}},
               {"post", Value::List{Value(5), Value(59), Value(5), Value(0)}}});
  }
  if (type == "fixed_in_degree")
    return ConnectivityOf(type, {{"in_degree", 9}});
  if (type == "fixed_out_degree") {
    return ConnectivityOf(type, {{"out_degree", 9}});
  }
  return ConnectivityOf(type);
}

ConnectivityShape Shape(uint64_t seed) {
  return {.n_pre = 60, .n_post = 60, .is_recurrent = true, .seed = seed};
}

class EveryConnectivity : public testing::TestWithParam<std::string> {};

// Rows are drawn alone and in any order.
TEST_P(EveryConnectivity, GivesTheSameRowWheneverItIsAsked) {
  const Component c = Small(GetParam());
  const auto once = MakeConnectivity(c, Shape(1));
  const auto again = MakeConnectivity(c, Shape(1));
  std::vector<int32_t> a, b;
  for (int64_t row = 0; row < 60; ++row) {
    once->Row(row, a);
    again->Row(59 - row, b);
    again->Row(row, b);
    EXPECT_EQ(a, b);
  }
}

// The number that memory is planned with. Random ones are sums of independent
// draws of at most one synapse, so their variance is at most their mean; 200
// seeds are summed.
TEST_P(EveryConnectivity, MakesAsManySynapsesAsItSays) {
  const Component c = Small(GetParam());
  const double expected =
      RowOf(ConnectivityRows(), c.type).synapses(c, Shape(0));
  EXPECT_GT(expected, 0);
  constexpr int kSeeds = 200;
  double sum = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    sum += static_cast<double>(Pairs(c, Shape(seed)).Total());
  }
  EXPECT_NEAR(sum / kSeeds, expected, 5 * std::sqrt(expected / kSeeds));
}

TEST_P(EveryConnectivity, IsPossibleHere) {
  const ConnectivityRow& row = RowOf(ConnectivityRows(), GetParam());
  if (row.impossible == nullptr) return;
  EXPECT_EQ(row.impossible(Small(GetParam()), Shape(0)), "");
}

std::vector<std::string> Types() {
  std::vector<std::string> types;
  for (const ConnectivityRow& row : ConnectivityRows()) {
    types.push_back(row.spec.type);
  }
  return types;
}

INSTANTIATE_TEST_SUITE_P(Catalog, EveryConnectivity, testing::ValuesIn(Types()),
                         [](const auto& p) { return p.param; });

TEST(FixedProbabilityTest, PairsAreIndependentAndAllAlike) {
  constexpr int kSeeds = 400;
  std::vector<int64_t> by_target(60);
  double sum = 0, squares = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Pairs pairs(ConnectivityOf("fixed_probability", {{"p", 0.3}}),
                      {.n_pre = 20, .n_post = 60, .seed = seed});
    EXPECT_LE(pairs.Largest(), 1);
    for (int64_t i = 0; i < 60; ++i) {
      by_target[static_cast<size_t>(i)] += pairs.InDegree(i);
    }
    for (const int64_t degree : pairs.OutDegrees()) {
      sum += static_cast<double>(degree);
      squares += static_cast<double>(degree * degree);
    }
  }
  // Out-degrees of 8000 rows are binomial: mean 18, variance 12.6, which the
  // sample has with a relative standard error of sqrt(2 / 8000).
  const double mean = sum / 8000, variance = squares / 8000 - mean * mean;
  EXPECT_NEAR(mean, 18, 5 * std::sqrt(12.6 / 8000));
  EXPECT_NEAR(variance, 12.6, 5 * 12.6 * std::sqrt(2.0 / 8000));
  // In-degrees over all seeds are binomial of 8000 pairs: 2400 +- 41.
  for (const int64_t degree : by_target) {
    EXPECT_NEAR(static_cast<double>(degree), 2400, 5 * 41);
  }
}

TEST(ExplicitListTest, HasTheSynapsesThatAreNamed) {
  const Pairs pairs(Small("explicit_list"), Shape(0));
  EXPECT_EQ(pairs.Total(), 4);
  EXPECT_EQ(pairs(3, 5), 2);
  EXPECT_EQ(pairs(0, 59), 1);
  EXPECT_EQ(pairs(59, 0), 1);
}

std::string WhyNot(const Component& c, const ConnectivityShape& shape) {
  return RowOf(ConnectivityRows(), c.type).impossible(c, shape);
}

TEST(ImpossibleConnectivityTest, IsToldWithNumbers) {
  EXPECT_EQ(WhyNot(ConnectivityOf("fixed_in_degree",
                                  {{"in_degree", 120}, {"multapses", false}}),
                   {.n_pre = 100, .n_post = 5}),
            "in_degree = 120 is above the 100 presynaptic units to draw from; "
            "lower in_degree or let a pair have several synapses (multapses: "
            "true)");
  EXPECT_EQ(WhyNot(ConnectivityOf("fixed_out_degree", {{"out_degree", 100},
                                                       {"multapses", false},
                                                       {"autapses", false}}),
                   {.n_pre = 100, .n_post = 100, .is_recurrent = true}),
            "out_degree = 100 is above the 99 postsynaptic units besides the "
            "unit itself to draw from; lower out_degree or let a pair have "
            "several synapses (multapses: true)");
  EXPECT_EQ(WhyNot(ConnectivityOf("one_to_one"), {.n_pre = 4, .n_post = 5}),
            "one_to_one connects as many units on either side, got 4 "
            "presynaptic and 5 postsynaptic ones; select as many of each");
  EXPECT_EQ(WhyNot(Small("explicit_list"), {.n_pre = 60, .n_post = 59}),
            "post[1] = 59 is outside [0, 58], the units of its side");
  EXPECT_EQ(
      WhyNot(ConnectivityOf("explicit_list", {{"pre", Value::List{Value(1)}},
                                              {"post", Value::List{}}}),
             {.n_pre = 60, .n_post = 60}),
      "pre has 1 units and post has 0; synapse k leads from pre[k] to post[k]");
}

TEST(ImpossibleConnectivityTest, AUnitAloneHasNobodyButItself) {
  const ConnectivityShape one = {.n_pre = 1, .n_post = 1, .is_recurrent = true};
  EXPECT_NE(WhyNot(ConnectivityOf("fixed_in_degree",
                                  {{"in_degree", 1}, {"autapses", false}}),
                   one),
            "");
  EXPECT_NE(WhyNot(ConnectivityOf("fixed_total",
                                  {{"synapses", 1}, {"autapses", false}}),
                   one),
            "");
  EXPECT_EQ(WhyNot(ConnectivityOf("fixed_total", {{"synapses", 1}}), one), "");
}

}  // namespace
}  // namespace engram
