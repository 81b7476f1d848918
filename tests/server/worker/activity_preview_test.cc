#include "server/worker/activity_preview.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

namespace engram {
namespace {

using testing::ElementsAre;

// (column, row) of the cells that are set.
std::set<std::pair<int64_t, int64_t>> Cells(const v1::Activity& activity) {
  std::set<std::pair<int64_t, int64_t>> cells;
  const int64_t rows = activity.rows();
  for (int64_t bit = 0; bit < activity.counts_size() * rows; ++bit) {
    const auto byte = static_cast<unsigned char>(
        activity.cells().at(static_cast<size_t>(bit / 8)));
    if (byte >> (bit % 8) & 1) cells.emplace(bit / rows, bit % rows);
  }
  return cells;
}

TEST(ActivityPreviewTest, AFewUnitsHaveARowEachAndAStepAColumn) {
  ActivityPreview preview({"exc", 5, 0.5});
  preview.Add(10, 12, std::vector<int64_t>{10, 11}, std::vector<int32_t>{0, 4});
  preview.Add(12, 13, {}, {});
  const v1::Activity activity = preview.Take();
  EXPECT_EQ(activity.population(), "exc");
  EXPECT_EQ(activity.unit_count(), 5);
  EXPECT_EQ(activity.dt(), 0.5);
  EXPECT_EQ(activity.begin_step(), 10);
  EXPECT_EQ(activity.end_step(), 13);
  EXPECT_EQ(activity.column_steps(), 1);
  EXPECT_EQ(activity.rows(), 5);
  EXPECT_THAT(activity.counts(), ElementsAre(1, 1, 0));
  EXPECT_THAT(Cells(activity), ElementsAre(std::pair(0, 0), std::pair(1, 4)));
}

// Row r has the units from ceil(r units / rows) on: floor(unit rows / units),
// which the preview finds by a multiplication.
TEST(ActivityPreviewTest, RowsAreExactForEverySizeOfPopulation) {
  for (const int64_t units :
       {int64_t{1}, int64_t{127}, int64_t{128}, int64_t{129}, int64_t{1000},
        int64_t{77169}, int64_t{99991}, int64_t{200000003}}) {
    const int64_t rows = std::min<int64_t>(units, ActivityPreview::kRows);
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t first = (row * units + rows - 1) / rows;
      const int64_t last = ((row + 1) * units + rows - 1) / rows - 1;
      for (const int64_t unit : {first, last}) {
        ActivityPreview preview({"exc", units, 1});
        preview.Add(0, 1, std::vector<int64_t>{0},
                    std::vector<int32_t>{static_cast<int32_t>(unit)});
        EXPECT_THAT(Cells(preview.Take()), ElementsAre(std::pair(0, row)))
            << unit << " of " << units;
      }
    }
  }
}

TEST(ActivityPreviewTest, ALongStretchHasWiderColumnsAndLosesNoSpike) {
  ActivityPreview preview({"exc", 10, 0.1});
  for (int64_t step = 0; step < 1000; ++step) {
    preview.Add(step, step + 1, std::vector<int64_t>{step},
                std::vector<int32_t>{static_cast<int32_t>(step / 100)});
  }
  const v1::Activity activity = preview.Take();
  EXPECT_EQ(activity.column_steps(), 16);  // 64 columns of 8 have 512
  ASSERT_EQ(activity.counts_size(), 63);   // 1000 / 16 and a half one
  int64_t sum = 0;
  for (const int64_t count : activity.counts()) sum += count;
  EXPECT_EQ(sum, 1000);
  EXPECT_EQ(activity.counts(62), 8);
  // Steps 96 to 111 are of units 0 and 1.
  const auto cells = Cells(activity);
  EXPECT_TRUE(cells.contains({6, 0}));
  EXPECT_TRUE(cells.contains({6, 1}));
  EXPECT_FALSE(cells.contains({5, 1}));
}

TEST(ActivityPreviewTest, APictureBeginsWhereTheLastOneEnded) {
  ActivityPreview preview({"exc", 2, 1});
  preview.Add(0, 100, std::vector<int64_t>{99}, std::vector<int32_t>{1});
  preview.Take();
  preview.Add(100, 101, {}, {});
  const v1::Activity activity = preview.Take();
  EXPECT_EQ(activity.begin_step(), 100);
  EXPECT_EQ(activity.column_steps(), 1);
  EXPECT_THAT(activity.counts(), ElementsAre(0));
  EXPECT_TRUE(Cells(activity).empty());
}

TEST(ActivityPreviewTest, AfterAGapThePictureBeginsAgain) {
  ActivityPreview preview({"exc", 2, 1});
  preview.Add(0, 1, std::vector<int64_t>{0}, std::vector<int32_t>{1});
  preview.Add(50, 51, {}, {});
  const v1::Activity activity = preview.Take();
  EXPECT_EQ(activity.begin_step(), 50);
  EXPECT_TRUE(Cells(activity).empty());
}

}  // namespace
}  // namespace engram
