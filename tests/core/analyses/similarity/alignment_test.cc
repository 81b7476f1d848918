#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "core/analyses/similarity/assignment.h"
#include "core/analyses/similarity/solution.h"
#include "core/analyses/similarity/weight_alignment.h"
#include "tests/core/analyses/pair_task.h"
#include "tests/core/analyses/similarity/random_matrices.h"

namespace engram {
namespace {

double CostOf(const Array<double>& cost, const std::vector<int64_t>& columns) {
  double sum = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    sum += cost(static_cast<int64_t>(i), columns[i]);
  }
  return sum;
}

TEST(AssignmentTest, IsAsCheapAsTheBestOfAllPermutations) {
  for (int64_t number = 0; number < 20; ++number) {
    const Array<double> cost = RandomMatrix(6, 6, 100 + number);
    std::vector<int64_t> columns(6);
    std::iota(columns.begin(), columns.end(), 0);
    double best = std::numeric_limits<double>::max();
    do {
      best = std::min(best, CostOf(cost, columns));
    } while (std::ranges::next_permutation(columns).found);
    EXPECT_NEAR(CostOf(cost, CheapestAssignment(cost)), best, 1e-12);
  }
}

TEST(AssignmentTest, FindsAHiddenPermutation) {
  Array<double> cost(50, 50);
  cost.Fill(1);
  for (int64_t i = 0; i < 50; ++i) cost(i, (i * 7 + 3) % 50) = 0;
  const std::vector<int64_t> columns = CheapestAssignment(cost);
  for (int64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(columns[static_cast<size_t>(i)], (i * 7 + 3) % 50);
  }
}

// Unit i of the first network is unit (3 i) mod 8 of the second.
TEST(WeightAlignmentTest, MatchingByActivityUndoesAPermutation) {
  const Array<double> w = RandomMatrix(8, 8, 130);
  const Array<double> rates = RandomMatrix(30, 8, 131);
  Array<double> moved(8, 8), moved_rates(30, 8);
  const auto place = [](int64_t i) { return 3 * i % 8; };
  for (int64_t j = 0; j < 8; ++j) {
    for (int64_t i = 0; i < 8; ++i) moved(place(i), place(j)) = w(i, j);
    std::ranges::copy(rates.col(j), moved_rates.data() + 30 * place(j));
  }
  const std::vector<int64_t> match = MatchByActivity(rates, moved_rates);
  EXPECT_NEAR(*WeightCorrelation(w, moved, match), 1, 1e-12);
  EXPECT_LT(*WeightCorrelation(w, moved, MatchByNumber(8)), 0.7);
}

TEST(WeightAlignmentTest, MatchingByItemPairsUnitsOfTheSameItem) {
  const PairTask task(3, 1);
  EXPECT_EQ(MatchByItem(task, task, 8), MatchByNumber(8));
}

TEST(WeightAlignmentTest, OwnWeightsDoNotCountAndConstantsHaveNone) {
  Array<double> v(2, 2), w(2, 2);
  v(0, 0) = 100, v(0, 1) = 1, v(1, 0) = 2;
  w(1, 1) = -50, w(0, 1) = 3, w(1, 0) = 5;
  EXPECT_NEAR(*WeightCorrelation(v, w, MatchByNumber(2)), 1, 1e-12);
  EXPECT_FALSE(WeightCorrelation(v, Array<double>(2, 2), MatchByNumber(2)));
}

TEST(SolutionTest, FamiliesAreJoinedByChains) {
  Array<double> correlation(4, 4);
  for (int64_t k = 0; k < 4; ++k) correlation(k, k) = 1;
  correlation(0, 2) = correlation(2, 0) = 0.97;
  correlation(2, 3) = correlation(3, 2) = 0.96;
  correlation(0, 3) = correlation(3, 0) = 0.5;
  EXPECT_EQ(FamiliesOf(correlation, 0.95), (std::vector<int64_t>{0, 1, 0, 0}));
  EXPECT_EQ(FamiliesOf(correlation, 0.99), (std::vector<int64_t>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace engram
