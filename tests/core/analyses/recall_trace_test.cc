#include "core/analyses/recall_trace.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/statistics.h"
#include "tests/core/analyses/pair_task.h"

namespace engram {
namespace {

using Rates = std::vector<double>;

class RecallTraceTest : public testing::Test {
 protected:
  PairTask task_{3, 10};
  RecallTrace trace_{task_, 8, 2.0};
};

TEST_F(RecallTraceTest, OnsetIsTheEndOfTheFirstStepAboveTheThreshold) {
  trace_.Add(Rates{0.5, 0.5, 0, 0, 0, 0, 0, 0});
  trace_.Add(Rates{0.9, 0.3, 0, 0, 0, 0, 0, 0});
  trace_.Add(Rates{0, 0, 0.9, 0.3, 0, 0, 1, 1});
  EXPECT_EQ(trace_.onset(0), 4.0);
  EXPECT_EQ(trace_.onset(1), 6.0);
  EXPECT_EQ(trace_.onset(2), std::nullopt);
  EXPECT_EQ(trace_.sequence_length(), 2);
  EXPECT_EQ(trace_.peak(0), 0.6);
  EXPECT_EQ(trace_.at_end(0), 0);
  EXPECT_TRUE(trace_.is_active_at_end(1));
}

TEST_F(RecallTraceTest, OnsetsThatDoNotRiseEndTheSequence) {
  trace_.Add(Rates{1, 1, 0, 0, 1, 1, 0, 0});
  trace_.Add(Rates{0, 0, 1, 1, 0, 0, 0, 0});
  EXPECT_EQ(trace_.sequence_length(), 2);
  trace_.Clear();
  trace_.Add(Rates{0, 0, 1, 1, 0, 0, 0, 0});
  EXPECT_EQ(trace_.sequence_length(), 0);
  trace_.Clear();
  trace_.Add(Rates{1, 1, 1, 1, 0, 0, 0, 0});
  EXPECT_EQ(trace_.sequence_length(), 1);
}

TEST_F(RecallTraceTest, OverlapIsTheLargestCorrelationWithTheTemplate) {
  const Rates a = {0.9, 0.7, 0.1, 0.2, 0, 0.1, 0.3, 0};
  const Rates b = {0.2, 0.3, 0.1, 0.2, 0, 0.1, 0.3, 0};
  const Rates item_1 = {1, 1, 0, 0, 0, 0, 0, 0};
  trace_.Add(b);
  trace_.Add(a);
  trace_.Add(b);
  EXPECT_NEAR(*trace_.overlap(0), *statistics::Correlation(a, item_1), 1e-12);
}

TEST_F(RecallTraceTest, OverlapWithRatesThatNeverVaryIsUndefined) {
  trace_.Add(Rates(8, 0.25));
  EXPECT_EQ(trace_.overlap(0), std::nullopt);
  trace_.Add(Rates{1, 1, 0, 0, 0, 0, 0, 0});
  EXPECT_NEAR(*trace_.overlap(0), 1, 1e-15);
  trace_.Clear();
  EXPECT_EQ(trace_.overlap(0), std::nullopt);
}

}  // namespace
}  // namespace engram
