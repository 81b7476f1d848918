#include "core/spiking/plasticity/recent_spikes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

namespace engram {
namespace {

constexpr int64_t kDepth = 16;
constexpr double kDt = 0.1;

template <class R>
struct PairTraces {
  using Real = R;
  static constexpr bool kHasSlowTraces = false;
};
template <class R>
struct TripletTraces {
  using Real = R;
  static constexpr bool kHasSlowTraces = true;
};

const TraceTimes kTimes = {.plus = 20, .minus = 30, .slow_post = 100};

// A unit that fires every 37 ms.
template <class Kernel>
class Recorded {
 public:
  explicit Recorded(const TraceTimes& times = kTimes)
      : history(1, kDepth, times, kDt), recent(1, kDepth, times, kDt) {}

  void FireUntil(int64_t end) {
    for (; next < end; next += 370) {
      history.Add(0, next);
      recent.Add(0, history.Of(0));
    }
  }

  PostHistory<Kernel> history;
  RecentSpikes<Kernel> recent;
  int64_t next = 100;
};

template <class Kernel>
class RecentSpikesTest : public testing::Test {
 public:
  using Real = typename Kernel::Real;
  // A few roundings, and exponents of up to 350 whose errors of half a unit in
  // double precision are errors of their exponentials.
  static constexpr double kTolerance =
      8 * double{std::numeric_limits<Real>::epsilon()} + 700 * 2.3e-16;
};
using Kernels = testing::Types<PairTraces<float>, PairTraces<double>,
                               TripletTraces<float>, TripletTraces<double>>;
TYPED_TEST_SUITE(RecentSpikesTest, Kernels);

TYPED_TEST(RecentSpikesTest, OneNumberOfARowMakesTracesOfAllSpikes) {
  Recorded<TypeParam> unit;
  for (const int64_t now : {3000, 9990, 70000, 123456}) {
    unit.recent.MoveTo(now, unit.history);
    unit.FireUntil(now);
    const int64_t last = now - 2000;  // of the row
    const double scale = unit.recent.Scale(1.25F, last);
    for (int m = 0; m < 5; ++m) {
      const int64_t step = unit.history.Of(0)[m].step;
      const double wanted =
          1.25 * std::exp(-kDt * static_cast<double>(step - last) / 20);
      const double got = scale * double{unit.recent.SinceOf(0)[m]};
      EXPECT_NEAR(got / wanted, 1, this->kTolerance) << now << " " << m;
    }
  }
}

TYPED_TEST(RecentSpikesTest, ThePostsynapticTraceFades) {
  Recorded<TypeParam> unit;
  for (const int64_t now : {3000, 70000}) {
    unit.recent.MoveTo(now, unit.history);
    unit.FireUntil(now);
    const auto& newest = unit.history.Of(0)[0];
    const double wanted =
        double{newest.trace} *
        std::exp(-kDt * static_cast<double>(now - newest.step) / 30);
    const double got =
        double{unit.recent.near()[0].trace} * double{unit.recent.Fade(now)};
    EXPECT_NEAR(got / wanted, 1, this->kTolerance);
  }
}

// What a checkpoint holds is the history alone.
TYPED_TEST(RecentSpikesTest, ReadAnewHasTheSameBits) {
  Recorded<TypeParam> unit;
  unit.recent.MoveTo(64500, unit.history);
  unit.FireUntil(71000);
  unit.recent.MoveTo(70500, unit.history);
  unit.FireUntil(71500);
  RecentSpikes<TypeParam> anew(1, kDepth, kTimes, kDt);
  anew.MoveTo(71400, unit.history);
  for (int64_t m = 0; m < kDepth; ++m) {
    EXPECT_EQ(unit.recent.SinceOf(0)[m], anew.SinceOf(0)[m]) << m;
  }
  EXPECT_EQ(unit.recent.near()[0].trace, anew.near()[0].trace);
}

TYPED_TEST(RecentSpikesTest, NewerIsSmallerAndNeverIsNone) {
  Recorded<TypeParam> unit;
  unit.recent.MoveTo(0, unit.history);
  unit.FireUntil(1000);
  const auto* const since = unit.recent.SinceOf(0);
  EXPECT_LT(since[0], since[1]);
  EXPECT_LT(since[1], since[2]);
  EXPECT_LT(since[2], unit.recent.Since(99));
  EXPECT_EQ(since[2], unit.recent.Since(100));
  EXPECT_EQ(since[3], unit.recent.kNone);
}

TYPED_TEST(RecentSpikesTest, TooLongAgoToTellIsNone) {
  Recorded<TypeParam> unit;
  unit.FireUntil(1000);
  const int64_t later = 10'000'000;  // 50,000 time constants
  unit.recent.MoveTo(later, unit.history);
  EXPECT_EQ(unit.recent.SinceOf(0)[0], unit.recent.kNone);
  EXPECT_EQ(unit.recent.near()[0].trace, 0);
}

TYPED_TEST(RecentSpikesTest, CannotTellStepsApartThatHaveOneNumber) {
  EXPECT_TRUE(Recorded<TypeParam>().recent.can_tell());
  TraceTimes times = kTimes;
  times.plus = 1e16;
  EXPECT_FALSE(Recorded<TypeParam>(times).recent.can_tell());
}

}  // namespace
}  // namespace engram
