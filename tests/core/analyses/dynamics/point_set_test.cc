#include "core/analyses/dynamics/point_set.h"

#include <gtest/gtest.h>

namespace engram {
namespace {

TEST(PointSetTest, MergesNearColumnsAndLeavesOthersOut) {
  Array<double> states(2, 5);
  const double x[] = {0, 1, 1e-6, 1, 7}, y[] = {0, 2, 0, 2 + 1e-6, 7};
  for (int64_t s = 0; s < 5; ++s) states(0, s) = x[s], states(1, s) = y[s];
  const PointSet set =
      MergeStates(states, {true, true, true, true, false}, 1e-5);
  EXPECT_EQ(set.first, (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(set.count, (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(set.point_of, (std::vector<int64_t>{0, 1, 0, 1, -1}));
  const Array<double> columns = ColumnsOf(states, {4, 1});
  EXPECT_EQ(columns(0, 0), 7);
  EXPECT_EQ(columns(1, 1), 2);
}

TEST(PointSetTest, OfNothingIsEmpty) {
  const PointSet set = MergeStates(Array<double>(3, 2), {false, false}, 1);
  EXPECT_TRUE(set.first.empty());
  EXPECT_EQ(ColumnsOf(Array<double>(3, 2), {}).cols(), 0);
}

}  // namespace
}  // namespace engram
