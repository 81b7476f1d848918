#include "core/analyses/block_structure.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/core/analyses/pair_task.h"

namespace engram {
namespace {

// Weights (6, 6): item k to item k + 1 has 1, back -0.5, within 0.25.
Array<double> ChainWeights() {
  Array<double> w(6, 6);
  for (int64_t i = 0; i < 6; ++i) {
    for (int64_t j = 0; j < 6; ++j) {
      const int64_t d = i / 2 - j / 2;
      w(i, j) = d == 1 ? 1.0 : d == -1 ? -0.5 : d == 0 && i != j ? 0.25 : 0.0;
    }
  }
  return w;
}

TEST(BlockStructureTest, MeansLeaveOutSelfConnections) {
  Array<double> w = ChainWeights();
  for (int64_t i = 0; i < 6; ++i) w(i, i) = 99;
  const Array<double> b = BlockMeans(w, PairTask(3, 1));
  EXPECT_EQ(b(1, 0), 1);
  EXPECT_EQ(b(0, 1), -0.5);
  EXPECT_EQ(b(2, 2), 0.25);
  EXPECT_EQ(b(2, 0), 0);
}

TEST(BlockStructureTest, CouplingAndBandsFollowTheDirectionOfTheChain) {
  const Array<double> b = BlockMeans(ChainWeights(), PairTask(3, 1));
  EXPECT_EQ(SequentialCoupling(b), 1.5);
  EXPECT_EQ(BandProfile(b), (std::vector<double>{0, -0.5, 0.25, 1, 0}));
}

TEST(BlockStructureTest, SymmetryIndexOfKnownMatrices) {
  Array<double> w(2, 2);
  EXPECT_EQ(SymmetryIndex(w), std::nullopt);
  w(0, 1) = w(1, 0) = 3;
  EXPECT_EQ(SymmetryIndex(w), 1.0);
  w(1, 0) = -3;
  EXPECT_EQ(SymmetryIndex(w), -1.0);
  w(1, 0) = 0;
  EXPECT_EQ(SymmetryIndex(w), 0.0);
}

TEST(BlockStructureTest, SortedWeightsShowTheItemsAsBlocks) {
  Array<double> w(7, 7);
  w(3, 6) = 5;
  const PairTask task(2, 1);
  const std::vector<int64_t> order = UnitsByItem(task, 7);
  EXPECT_EQ(order, (std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6}));
  const Array<double> sorted = Reordered(w, {6, 5, 4, 3, 2, 1, 0});
  EXPECT_EQ(sorted(3, 0), 5);
}

}  // namespace
}  // namespace engram
