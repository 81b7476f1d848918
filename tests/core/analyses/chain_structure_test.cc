#include "core/analyses/chain_structure.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace engram {
namespace {

Array<double> Weights(int64_t units,
                      const std::vector<std::pair<int64_t, int64_t>>& edges) {
  Array<double> w(units, units);
  for (const auto& [pre, post] : edges) w(post, pre) = 0.9;
  return w;
}

TEST(ChainStructureTest, LoopsCloseAndChainsDoNot) {
  // 0 -> 1 -> 2 -> 0, 3 -> 4 -> 5 -> 6, 7 <-> 8, and 9 alone.
  const ChainStructure found = FindChains(
      Weights(10,
              {{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 6}, {7, 8}, {8, 7}}),
      0.5);
  EXPECT_EQ(found.loops, (std::vector<int64_t>{3, 2}));
  EXPECT_EQ(found.chains, (std::vector<int64_t>{4}));
  EXPECT_EQ(found.longest(), 4);
  EXPECT_EQ(found.single_rows, 8);
  EXPECT_EQ(found.single_columns, 8);
}

TEST(ChainStructureTest, AUnitWithTwoStrongWeightsBreaksTheChain) {
  // 0 -> 1 -> 2 -> 3, and 1 -> 4: unit 1 has two outputs.
  const ChainStructure found =
      FindChains(Weights(5, {{0, 1}, {1, 2}, {2, 3}, {1, 4}}), 0.5);
  EXPECT_EQ(found.chains, (std::vector<int64_t>{2, 2}));
  EXPECT_TRUE(found.loops.empty());
  EXPECT_EQ(found.single_columns, 2);
  EXPECT_EQ(found.single_rows, 4);
}

TEST(ChainStructureTest, AWeightAtTheThresholdIsWeak) {
  Array<double> w(3, 3);
  w(1, 0) = 0.5;
  const ChainStructure found = FindChains(w, 0.5);
  EXPECT_EQ(found.longest(), 0);
  EXPECT_EQ(found.single_rows, 0);
}

}  // namespace
}  // namespace engram
