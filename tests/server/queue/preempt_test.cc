// Who makes room for whom.
#include "server/queue/preempt.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/queue/order_simulation.h"

namespace engram {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr double kMinute = 60;
constexpr double kHour = 3600;

class PreemptTest : public ::testing::Test {
 protected:
  // The works that are asked now, with their reasons.
  std::vector<std::string> Ask() {
    builder_.GiveAll();
    std::vector<std::string> asked;
    for (const AskedBack& back : builder_.asked) {
      asked.push_back(std::to_string(back.work) + " " + back.reason);
    }
    return asked;
  }

  // One of ada's at work for `seconds`, on all four cpus.
  int64_t LongRun(double seconds, const Wish& wish = {.cpus = 4}) {
    builder_.Attach(4);
    const int64_t work = builder_.Add("ada", wish);
    builder_.GiveAll();
    builder_.clock.Advance(seconds);
    return work;
  }

  BookBuilder builder_;
};

TEST_F(PreemptTest, LongRunMakesRoomForWhoHasWaitedTwoMinutes) {
  LongRun(45 * kMinute);
  builder_.Add("bob", {.cpus = 4});
  EXPECT_THAT(Ask(), IsEmpty());
  builder_.clock.Advance(119);
  EXPECT_THAT(Ask(), IsEmpty());
  builder_.clock.Advance(1);
  EXPECT_THAT(Ask(), ElementsAre("1 preempted for users/bob"));
  builder_.clock.Advance(1);
  EXPECT_THAT(Ask(), IsEmpty()) << "it was asked";
}

TEST_F(PreemptTest, RunsAreLeftHalfAnHour) {
  LongRun(20 * kMinute);
  builder_.Add("bob", {.cpus = 4});
  Ask();
  builder_.clock.Advance(10 * kMinute - 1);
  EXPECT_THAT(Ask(), IsEmpty());
  builder_.clock.Advance(1);
  EXPECT_THAT(Ask(), ElementsAre("1 preempted for users/bob"));
}

TEST_F(PreemptTest, NobodyMakesRoomForHisOwnRuns) {
  LongRun(5 * kHour);
  builder_.Add("ada", {.cpus = 4});
  Ask();
  builder_.clock.Advance(kHour);
  EXPECT_THAT(Ask(), IsEmpty());
}

TEST_F(PreemptTest, WhoHasUsedLessMakesNoRoom) {
  builder_.Use("bob", 100 * kHour);
  LongRun(5 * kHour);
  builder_.Add("bob", {.cpus = 4});
  Ask();
  builder_.clock.Advance(kHour);
  EXPECT_THAT(Ask(), IsEmpty());
}

// After bob's half hour he would have used more than ada: she would have it
// back at once.
TEST_F(PreemptTest, TheDifferenceOutlivesTheChange) {
  LongRun(40 * kMinute);
  builder_.Use("bob", 4 * 20 * kMinute);
  builder_.Add("bob", {.cpus = 4, .expected_seconds = 10 * kHour});
  Ask();
  builder_.clock.Advance(9 * kMinute);
  EXPECT_THAT(Ask(), IsEmpty());
  builder_.clock.Advance(2 * kMinute);
  EXPECT_THAT(Ask(), ElementsAre("1 preempted for users/bob"));
}

TEST_F(PreemptTest, NobodyIsAskedWhenItWouldNotSuffice) {
  for (int i = 0; i < 3; ++i) builder_.Attach(4);
  const int64_t old = builder_.Add("ada", {.cpus = 2});
  builder_.GiveAll();
  builder_.clock.Advance(kHour);
  builder_.Add("ada", {.cpus = 2});  // is young when it counts
  builder_.GiveAll();
  builder_.Add("bob", {.cpus = 4});
  Ask();
  builder_.clock.Advance(20 * kMinute);
  EXPECT_THAT(Ask(), IsEmpty());
  builder_.books.Remove(old);
  builder_.clock.Advance(15 * kMinute);
  EXPECT_THAT(Ask(), ElementsAre("2 preempted for users/bob"));
}

TEST_F(PreemptTest, AWideRunAsksAsFewAsItNeeds) {
  for (int i = 0; i < 5; ++i) builder_.Attach(4);
  builder_.Add("ada", {.cpus = 1, .priority = 1});
  builder_.Add("ada", {.cpus = 1});
  builder_.Add("ada", {.cpus = 2, .priority = 2});
  builder_.GiveAll();
  builder_.clock.Advance(kHour);
  builder_.Add("bob", {.cpus = 3});
  Ask();
  builder_.clock.Advance(2 * kMinute);
  // The one with the least priority is too small to be of use by itself, and
  // superfluous beside the larger ones.
  EXPECT_THAT(Ask(), ElementsAre("1 preempted for users/bob",
                                 "3 preempted for users/bob"));
}

TEST_F(PreemptTest, RoomIsKeptForWhomItWasMade) {
  for (int i = 0; i < 4; ++i) builder_.Attach(4);
  const int64_t one = builder_.Add("ada", {.cpus = 2});
  const int64_t two = builder_.Add("ada", {.cpus = 2});
  builder_.GiveAll();
  builder_.clock.Advance(kHour);
  const int64_t wide = builder_.Add("bob", {.cpus = 4});
  Ask();
  builder_.clock.Advance(2 * kMinute);
  ASSERT_EQ(Ask().size(), 2u);
  // Ada's processor was idle half of the time: she would be first again.
  builder_.books.TakeBack(builder_.books.works.at(one));
  builder_.Add("cyd", {.cpus = 1});
  EXPECT_THAT(builder_.GiveAll(), IsEmpty());
  builder_.books.TakeBack(builder_.books.works.at(two));
  EXPECT_EQ(builder_.GiveAll(), std::vector{wide});
}

TEST_F(PreemptTest, WhatDoesNotYieldIsLeftAlone) {
  LongRun(kHour);
  builder_.Add("bob", {.cpus = 4});
  Ask();
  builder_.clock.Advance(2 * kMinute);
  ASSERT_EQ(Ask().size(), 1u);
  for (int i = 0; i < 20; ++i) {
    builder_.clock.Advance(10 * kMinute);
    EXPECT_THAT(Ask(), IsEmpty());
  }
  EXPECT_EQ(builder_.books.works.at(1).kill_steady_us, 0);
}

TEST_F(PreemptTest, UrgentRunsLookAtNoShareAndMakeNoRoom) {
  builder_.Use("zoe", 1000 * kHour);
  LongRun(kHour);
  const int64_t urgent = builder_.Add("zoe", {.cpus = 4, .urgent = true});
  Ask();
  builder_.clock.Advance(2 * kMinute);
  EXPECT_THAT(Ask(), ElementsAre("1 preempted for users/zoe"));
  builder_.books.TakeBack(builder_.books.works.at(1));
  EXPECT_EQ(builder_.GiveAll(), std::vector{urgent});
  builder_.clock.Advance(10 * kHour);
  EXPECT_THAT(Ask(), IsEmpty());
}

TEST_F(PreemptTest, WhatEndsSoonIsNotDisturbed) {
  const int64_t work = LongRun(kHour);
  LiveProgress progress;
  progress.remaining_us = 100'000'000;
  builder_.books.works.at(work).progress = progress;
  builder_.Add("bob", {.cpus = 4});
  Ask();
  builder_.clock.Advance(2 * kMinute);
  EXPECT_THAT(Ask(), IsEmpty());
}

TEST_F(PreemptTest, NothingIsAskedWhileTheServerDrains) {
  LongRun(kHour);
  builder_.Add("bob", {.cpus = 4});
  Ask();
  builder_.clock.Advance(2 * kMinute);
  builder_.books.is_draining = true;
  EXPECT_THAT(Ask(), IsEmpty());
}

TEST_F(PreemptTest, WhatWasGivenInAdvanceComesBackForAnotherUser) {
  builder_.Attach(4);
  const auto shorts =
      builder_.MakeExperiment("ada", {.cpus = 1, .expected_seconds = 0.5});
  for (int i = 0; i < 6; ++i) builder_.AddRun(shorts, i);
  EXPECT_EQ(builder_.GiveAll().size(), 4u);
  // Bob's is long: it is given to nobody in advance.
  const int64_t bobs = builder_.Add("bob", {.cpus = 1});
  EXPECT_THAT(Ask(), ElementsAre("2 taken back for users/bob",
                                 "3 taken back for users/bob",
                                 "4 taken back for users/bob"));
  EXPECT_THAT(Ask(), IsEmpty()) << "once is enough";
  for (const int64_t work : {2, 3, 4}) {
    builder_.books.TakeBack(builder_.books.works.at(work));
  }
  EXPECT_THAT(builder_.GiveAll(), IsEmpty());
  builder_.clock.Advance(1);
  builder_.End(1);
  EXPECT_EQ(builder_.GiveAll(), std::vector{bobs});
}

// Ada's share is less without them: two of them would go before bob's again.
TEST_F(PreemptTest, WhatWouldBeFirstAgainIsNotTakenBack) {
  builder_.Attach(4);
  const auto shorts =
      builder_.MakeExperiment("ada", {.cpus = 1, .expected_seconds = 0.5});
  for (int i = 0; i < 6; ++i) builder_.AddRun(shorts, i);
  ASSERT_EQ(builder_.GiveAll().size(), 4u);
  builder_.Use("bob", 1.2);
  builder_.Add("bob", {.cpus = 1});
  EXPECT_THAT(Ask(), ElementsAre("4 taken back for users/bob"));
}

TEST_F(PreemptTest, WhoHasSomethingInHandTakesNothingBack) {
  builder_.Attach(4);
  builder_.Attach(1);
  const int64_t bobs = builder_.Add("bob", {.cpus = 1});
  ASSERT_EQ(builder_.GiveAll(), std::vector{bobs});
  const auto shorts =
      builder_.MakeExperiment("ada", {.cpus = 1, .expected_seconds = 0.5});
  for (int i = 0; i < 4; ++i) builder_.AddRun(shorts, i);
  builder_.GiveAll();
  builder_.Use("ada", kHour);
  builder_.Add("bob", {.cpus = 1});
  EXPECT_THAT(Ask(), IsEmpty());
}

// Two users whose runs take days, one place, two days of it.
TEST_F(PreemptTest, TwoUsersChangePlacesOnceAnHourAndUseTheSame) {
  OrderSimulation simulation(4, 1);
  for (const char* owner : {"ada", "bob"}) {
    simulation.Submit(owner, {.cpus = 4, .expected_seconds = 72 * kHour},
                      72 * kHour);
  }
  simulation.Advance(48 * kHour);
  EXPECT_GE(simulation.Count("yield"), 40u);
  EXPECT_LE(simulation.Count("yield"), 48u);
  std::map<int64_t, int64_t> begun;
  for (const auto& happening : simulation.course()) {
    if (happening.what == "start") begun[happening.work] = happening.at_us;
    if (happening.what != "yield") continue;
    EXPECT_GE(happening.at_us - begun[happening.work],
              simulation.builder.options.preempt_age_us);
  }
  // Nobody is ahead by more than what brings about the next change: the grant
  // of half an hour, the two minutes of waiting, and a tick or two.
  EXPECT_NEAR(simulation.UsedBy("ada"), simulation.UsedBy("bob"),
              4 * 33 * kMinute);
}

TEST_F(PreemptTest, NoChangesWithoutAnybodyWhoWaits) {
  OrderSimulation simulation(4, 2);
  simulation.Submit("ada", {.cpus = 2}, 10 * kHour);
  simulation.Submit("bob", {.cpus = 2}, 20 * kHour);
  simulation.Advance(30 * kHour);
  EXPECT_EQ(simulation.Count("yield"), 0u);
  EXPECT_EQ(simulation.Count("end"), 2u);
}

}  // namespace
}  // namespace engram
