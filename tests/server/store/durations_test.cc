#include "server/store/durations.h"

#include "gtest/gtest.h"

namespace engram::store {
namespace {

int64_t CountAt(const DurationHistogram& histogram, double at_most_s) {
  for (const auto& bucket : histogram.buckets)
    if (bucket.at_most_s == at_most_s) return bucket.count;
  ADD_FAILURE() << "no bucket of " << at_most_s;
  return -1;
}

TEST(DurationsTest, EachCountsInTheFirstBucketThatTakesIt) {
  Durations durations;
  durations.Add(0.001);   // exactly the bound
  durations.Add(0.0011);  // just above it
  durations.Add(60);      // above all
  const DurationHistogram read = durations.Read();
  EXPECT_EQ(CountAt(read, 0.001), 1);
  EXPECT_EQ(CountAt(read, 0.0025), 1);
  EXPECT_EQ(CountAt(read, 10), 0);
  EXPECT_EQ(read.count, 3);
  EXPECT_DOUBLE_EQ(read.sum_s, 60.0021);
}

TEST(DurationsTest, BoundsRise) {
  const DurationHistogram read = Durations().Read();
  EXPECT_EQ(read.count, 0);
  for (size_t i = 1; i < read.buckets.size(); ++i)
    EXPECT_LT(read.buckets[i - 1].at_most_s, read.buckets[i].at_most_s);
}

}  // namespace
}  // namespace engram::store
