#include "core/analyses/dynamics/contour.h"

#include <gtest/gtest.h>

#include <cmath>

namespace engram {
namespace {

Grid GridOf(absl::FunctionRef<double(double, double)> f, int64_t n) {
  Grid grid;
  grid.values = Array<double>(n, n);
  for (int64_t i = 0; i < n; ++i) {
    grid.axis.push_back(-2 + 4 * static_cast<double>(i) /
                                 static_cast<double>(n - 1));
  }
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      grid.values(i, j) = f(grid.axis[static_cast<size_t>(i)],
                            grid.axis[static_cast<size_t>(j)]);
    }
  }
  return grid;
}

TEST(ContourTest, ACircleIsOneClosedLineOnTheCircle) {
  const auto f = [](double x, double y) { return x * x + y * y - 1.7; };
  const std::vector<Polyline> lines = ZeroLines(GridOf(f, 32), f);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].is_closed);
  EXPECT_GT(lines[0].x.size(), 50u);
  for (size_t i = 0; i < lines[0].x.size(); ++i) {
    EXPECT_NEAR(f(lines[0].x[i], lines[0].y[i]), 0, 1e-11);
  }
  EXPECT_EQ(lines[0].x.front(), lines[0].x.back());
}

TEST(ContourTest, AHyperbolaIsTwoOpenLines) {
  const auto f = [](double x, double y) { return x * y - 0.51; };
  const std::vector<Polyline> lines = ZeroLines(GridOf(f, 21), f);
  ASSERT_EQ(lines.size(), 2u);
  for (const Polyline& line : lines) {
    EXPECT_FALSE(line.is_closed);
    for (size_t i = 0; i + 1 < line.x.size(); ++i) {
      EXPECT_NEAR(line.x[i] * line.y[i], 0.51, 1e-11);
      // From cell to cell.
      EXPECT_LT(
          std::hypot(line.x[i + 1] - line.x[i], line.y[i + 1] - line.y[i]),
          0.3);
    }
  }
}

TEST(ContourTest, WhereNothingChangesItsSignThereIsNoLine) {
  const auto f = [](double, double) { return 1.0; };
  EXPECT_TRUE(ZeroLines(GridOf(f, 5), f).empty());
}

}  // namespace
}  // namespace engram
