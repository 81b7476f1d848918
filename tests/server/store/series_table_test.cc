#include "server/store/series_table.h"

#include <cmath>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/series_codec.h"
#include "tests/server/store/store_folder.h"

namespace engram::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Points = std::vector<SeriesPoint>;

const SeriesRow kNorm = {
    .name = "weight_norm", .unit = "1", .x = "trial", .x_unit = "1"};

Points Sine(int64_t count) {
  Points points;
  for (int64_t i = 0; i < count; ++i) {
    const auto x = static_cast<double>(i);
    points.push_back({x, std::sin(0.01 * x), ""});
  }
  return points;
}

class SeriesTableTest : public ::testing::Test {
 protected:
  void Append(const Points& points) {
    Do(*store_, [&](Transaction& t) {
      auto key = AppendPoints(t, run_, kNorm, points, kNoonUs);
      ASSERT_TRUE(key.ok()) << key.status();
      series_ = *key;
    });
  }
  Points Read(int64_t from, int64_t limit) {
    return *Ask(*store_,
                [&](Reader& r) { return ReadPoints(r, series_, from, limit); });
  }
  Points Sample(const SampleRange& range) {
    return *Ask(*store_,
                [&](Reader& r) { return SamplePoints(r, series_, range); });
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = folder_.Open();
  RunKey run_ = SubmitSome(*store_, 'a')[0];
  SeriesKey series_{};
};

TEST(SeriesCodecTest, GivesBackEveryBit) {
  const Points points = {{-0.0, std::numeric_limits<double>::denorm_min(), ""},
                         {0.1, -1e308, ""},
                         {0.1 + 1e-17, 0, "no item was active"},
                         {1e300, 0.1 + 0.2, ""}};
  const auto decoded = DecodePoints(EncodePoints(points));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, points);
  EXPECT_TRUE(std::signbit((*decoded)[0].x));
}

TEST(SeriesCodecTest, CompressesARegularSeriesWell) {
  EXPECT_LT(EncodePoints(Sine(kChunkPoints)).size(), kChunkPoints * 9);
}

TEST(SeriesCodecTest, RefusesDamagedBytes) {
  std::string bytes = EncodePoints(Sine(100));
  for (const size_t at : {size_t{0}, bytes.size() / 2}) {
    std::string damaged = bytes.substr(0, at);
    EXPECT_EQ(DecodePoints(damaged).status().code(),
              absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(DecodePoints("not a chunk").status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(SeriesTableTest, PointsComeBackWhateverTheBatches) {
  const Points all = Sine(3000);
  size_t at = 0;
  for (const size_t batch : {1, 1, 1022, 1, 1024, 900, 51}) {
    Append({all.begin() + static_cast<int64_t>(at),
            all.begin() + static_cast<int64_t>(at + batch)});
    at += batch;
  }
  ASSERT_EQ(at, all.size());
  EXPECT_EQ(Read(0, 10'000), all);
}

TEST_F(SeriesTableTest, ReadsARangeAcrossChunks) {
  const Points all = Sine(2500);
  Append(all);
  EXPECT_EQ(Read(1000, 1100), Points(all.begin() + 1000, all.begin() + 2100));
  EXPECT_EQ(Read(1024, 1), Points(all.begin() + 1024, all.begin() + 1025));
  EXPECT_THAT(Read(2500, 10), IsEmpty());
  EXPECT_THAT(Read(0, 0), IsEmpty());
}

TEST_F(SeriesTableTest, AbsentValuesKeepTheirReasons) {
  const Points points = {{1, 0.5, ""}, {2, 0, "no item was active"}};
  Append(points);
  EXPECT_EQ(Read(0, 10), points);
  const SeriesRow row = *Ask(
      *store_, [&](Reader& r) { return FindSeries(r, run_, "weight_norm"); });
  EXPECT_EQ(row.point_count, 2);
  EXPECT_EQ(row.last, points[1]);
}

TEST_F(SeriesTableTest, RefusesWhatIsNotFiniteOrDoesNotRise) {
  Append({{5, 1, ""}});
  const double infinite = std::numeric_limits<double>::infinity();
  for (const SeriesPoint& bad : Points{
           {5, 1, ""}, {4, 1, ""}, {6, infinite, ""}, {std::nan(""), 1, ""}}) {
    absl::Status status = store_->Write([&](Transaction& t) {
      return AppendPoints(t, run_, kNorm, {&bad, 1}, kNoonUs).status();
    });
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(status.message(), HasSubstr("weight_norm"));
  }
  EXPECT_EQ(Read(0, 10).size(), 1u);
}

TEST_F(SeriesTableTest, TellsOfNewPointsWithTheirPlace) {
  std::vector<StoredEvent> told;
  store_->SetCommitListener([&](std::vector<StoredEvent> events) {
    for (StoredEvent& event : events) told.push_back(std::move(event));
  });
  Append({{1, 1, ""}, {2, 2, ""}});
  Append({{3, 3, ""}});
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].payload.points_stored().series(), "weight_norm");
  EXPECT_EQ(told[1].payload.points_stored().first_index(), 2);
  EXPECT_EQ(told[1].payload.points_stored().point_count(), 3);
  EXPECT_THAT(told[1].points, ElementsAre(SeriesPoint{3, 3, ""}));
  EXPECT_EQ(told[1].experiment_id, "aaaaaaaaaa");
}

TEST_F(SeriesTableTest, SamplingKeepsThePeakOfEveryBucket) {
  Points all = Sine(10'000);
  all[4321].value = 100;
  all[8765].value = -100;
  Append(all);
  const Points sample = Sample({.buckets = 20});
  EXPECT_LE(sample.size(), 40u);
  EXPECT_TRUE(std::is_sorted(
      sample.begin(), sample.end(),
      [](const SeriesPoint& a, const SeriesPoint& b) { return a.x < b.x; }));
  EXPECT_THAT(sample, ::testing::Contains(all[4321]));
  EXPECT_THAT(sample, ::testing::Contains(all[8765]));
}

TEST_F(SeriesTableTest, SamplesARangeOnly) {
  Append(Sine(5000));
  const Points sample = Sample({.x_min = 1000, .x_max = 1009, .buckets = 1000});
  EXPECT_EQ(sample.size(), 10u);
  EXPECT_EQ(sample.front().x, 1000);
  EXPECT_EQ(sample.back().x, 1009);
  EXPECT_THAT(Sample({.x_min = 9000, .x_max = 9999, .buckets = 3}), IsEmpty());
}

TEST_F(SeriesTableTest, ABucketOfAbsentPointsShowsTheFirst) {
  Append({{0, 1, ""}, {5, 0, "silent"}, {6, 0, "silent"}, {10, 2, ""}});
  EXPECT_THAT(Sample({.buckets = 3}),
              ElementsAre(SeriesPoint{0, 1, ""}, SeriesPoint{5, 0, "silent"},
                          SeriesPoint{10, 2, ""}));
}

TEST_F(SeriesTableTest, MeansLieInTheMiddleOfTheRangeThatWasAskedFor) {
  Append({{0, 1, ""},
          {1, 3, ""},
          {2, 0, "silent"},
          {4, 5, ""},
          {5, 7, ""},
          {6, 0, "silent"}});
  // Buckets of two over [0, 10], of which the points fill the first four.
  EXPECT_THAT(
      Sample({.x_min = 0, .x_max = 10, .buckets = 5, .are_means = true}),
      ElementsAre(SeriesPoint{1, 2, ""}, SeriesPoint{3, 0, "silent"},
                  SeriesPoint{5, 6, ""}, SeriesPoint{7, 0, "silent"}));
  EXPECT_THAT(Sample({.buckets = 1, .are_means = true}),
              ElementsAre(SeriesPoint{3, 4, ""}));
}

TEST_F(SeriesTableTest, MeansOfTheGreatestNumbersAreFinite) {
  Append({{0, 1.5e308, ""}, {1, 1.5e308, ""}, {2, -1.5e308, ""}});
  const Points sample = Sample({.buckets = 1, .are_means = true});
  ASSERT_EQ(sample.size(), 1u);
  EXPECT_NEAR(sample[0].value / 1e308, 0.5, 1e-12);
}

TEST_F(SeriesTableTest, AnUnknownSeriesGetsTheNearestName) {
  Append({{1, 1, ""}});
  const absl::Status status = Ask(*store_, [&](Reader& r) {
    return FindSeries(r, run_, "weight_nrom").status();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("did you mean weight_norm?"));
}

}  // namespace
}  // namespace engram::store
