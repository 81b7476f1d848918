// Which run goes where, on books made by hand: wide runs, workers of several
// sizes, quotas.
#include "server/queue/pick.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queue/expected_start.h"
#include "server/queue/explain.h"
#include "server/queue/room.h"
#include "tests/server/queue/book_builder.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

class PickTest : public ::testing::Test {
 protected:
  // Gives out what can be given; the works, in order.
  std::vector<int64_t> GiveAll() { return builder_.GiveAll(); }
  // Ends a run, of which its owner has used a second more than it took.
  void End(int64_t id) {
    builder_.Use(builder_.books.works.at(id).owner, 1);
    builder_.End(id);
  }
  std::string Why(int64_t work, int64_t position = 1) {
    return WhyItWaits(builder_.books, builder_.books.works.at(work), position,
                      builder_.capacity, builder_.options);
  }
  std::optional<double> Wait(int64_t work) {
    return ExpectedWait(builder_.books, builder_.books.works.at(work),
                        builder_.capacity, builder_.clock.SteadyUs());
  }

  BookBuilder builder_;
};

TEST_F(PickTest, ReservationEmptiesThePlacesOfSeveralWorkers) {
  for (int i = 0; i < 4; ++i) builder_.Attach(4);
  std::vector<int64_t> small;
  for (int i = 0; i < 3; ++i) small.push_back(builder_.Add("ada", {.cpus = 1}));
  ASSERT_EQ(GiveAll(), small);
  const int64_t wide = builder_.Add("bob", {.cpus = 4});
  const int64_t later = builder_.Add("cyd", {.cpus = 1});
  EXPECT_EQ(GiveAll(), std::vector{later}) << "a smaller one passes it";
  builder_.clock.Advance(601);
  // One place after the other becomes free, and nobody else gets it.
  for (const int64_t work : small) {
    builder_.Add("dan", {.cpus = 1});
    End(work);
    EXPECT_TRUE(GiveAll().empty());
  }
  End(later);
  EXPECT_EQ(GiveAll(), std::vector{wide});
}

TEST_F(PickTest, AReservationOutlastsAnotherRunAtTheHead) {
  for (int i = 0; i < 3; ++i) builder_.Attach(4);
  const int64_t small = builder_.Add("ada", {.cpus = 1});
  const int64_t wide = builder_.Add("ada", {.cpus = 4});
  ASSERT_EQ(GiveAll(), std::vector{small});
  builder_.clock.Advance(540);
  // Somebody who has used nothing goes first for a while, and is wide, too.
  const int64_t other = builder_.Add("bob", {.cpus = 4});
  EXPECT_TRUE(GiveAll().empty());
  builder_.clock.Advance(61);
  End(other);
  builder_.Add("ada", {.cpus = 1});
  EXPECT_TRUE(GiveAll().empty()) << "ten minutes are ten minutes";
  End(small);
  EXPECT_EQ(GiveAll(), std::vector{wide});
}

TEST_F(PickTest, NothingIsGivenInAdvanceBehindAWideRun) {
  builder_.Attach(4);
  const int64_t present =
      builder_.Add("ada", {.cpus = 1, .expected_seconds = 0.1});
  ASSERT_EQ(GiveAll(), std::vector{present});
  const int64_t wide =
      builder_.Add("bob", {.cpus = 4, .expected_seconds = 0.1});
  builder_.Add("ada", {.cpus = 1, .expected_seconds = 0.1});
  EXPECT_TRUE(GiveAll().empty());
  End(present);
  EXPECT_EQ(GiveAll().front(), wide);
}

TEST_F(PickTest, NobodyWaitsForARunThatNoWorkerTakes) {
  builder_.Attach(2);
  builder_.Attach(2);
  const int64_t wide = builder_.Add("ada", {.cpus = 4});
  const int64_t one = builder_.Add("bob", {.cpus = 1});
  EXPECT_EQ(GiveAll(), std::vector{one});
  builder_.clock.Advance(3600);
  const int64_t two = builder_.Add("bob", {.cpus = 1});
  EXPECT_EQ(GiveAll(), std::vector{two});
  EXPECT_THAT(Why(wide), HasSubstr("no worker that is attached has 4 cpus"));
  EXPECT_EQ(Wait(wide), std::nullopt);
}

TEST_F(PickTest, MemoryIsRoomLikeCpus) {
  builder_.Attach(4);
  builder_.Attach(4);
  const int64_t large =
      builder_.Add("ada", {.cpus = 1, .memory_bytes = int64_t{10} << 30});
  const int64_t second =
      builder_.Add("ada", {.cpus = 1, .memory_bytes = int64_t{10} << 30});
  EXPECT_EQ(GiveAll(), std::vector{large});
  EXPECT_THAT(Why(second), HasSubstr("needs 10240 of 16384 MiB, of which 10240 "
                                     "are taken by ada's runs"));
}

TEST_F(PickTest, WideRunSaysHowLongItIsPassed) {
  builder_.Attach(4);
  builder_.Attach(4);
  builder_.Add("ada", {.cpus = 2});
  const int64_t wide = builder_.Add("bob", {.cpus = 4});
  GiveAll();
  builder_.clock.Advance(180);
  EXPECT_THAT(Why(wide), HasSubstr("first in line: needs 4 of 4 cpus, of which "
                                   "2 are taken by ada's runs; smaller ones "
                                   "pass it for at most 7 min more"));
  builder_.clock.Advance(420);
  EXPECT_THAT(Why(wide), HasSubstr("what becomes free is kept for it"));
  const int64_t behind = builder_.Add("bob", {.cpus = 1});
  EXPECT_THAT(Why(behind, 2), HasSubstr("second in line: what becomes free is "
                                        "kept for"));
}

TEST_F(PickTest, ShareThatIsUsedUpIsSaid) {
  builder_.Attach(4);
  builder_.Use("ada", 7200);
  builder_.Use("bob", 360);
  builder_.Add("cyd", {.cpus = 4});
  GiveAll();
  builder_.Add("bob", {.cpus = 4});
  const int64_t work = builder_.Add("ada", {.cpus = 4});
  EXPECT_THAT(Why(work, 3),
              HasSubstr("third in line: ada's share this week is used up (2.00 "
                        "cpu-hours; bob, who goes first, has used 0.10)"));
}

TEST_F(PickTest, UrgentRunThatGoesFirstIsNamed) {
  builder_.Attach(4);
  builder_.Add("ada", {.cpus = 4});
  GiveAll();
  builder_.Add("cyd", {.cpus = 4, .expected_seconds = 60, .urgent = true});
  const int64_t work = builder_.Add("bob", {.cpus = 4});
  EXPECT_THAT(Why(work, 2), HasSubstr("of cyd is urgent and goes first"));
}

TEST_F(PickTest, QuotaOfRunningRunsIsKeptAndSaid) {
  for (int i = 0; i < 3; ++i) builder_.Attach(4);
  builder_.books.quotas["ada"] = {.running_runs = 1};
  const int64_t first =
      builder_.Add("ada", {.cpus = 1, .expected_seconds = 100});
  const int64_t second =
      builder_.Add("ada", {.cpus = 1, .expected_seconds = 100});
  const int64_t other =
      builder_.Add("bob", {.cpus = 1, .expected_seconds = 100});
  EXPECT_EQ(GiveAll(), (std::vector{first, other}));
  EXPECT_THAT(Why(second), HasSubstr("ada has 1 runs at work, as many as the "
                                     "quota allows"));
  EXPECT_DOUBLE_EQ(*Wait(second), 100);
  builder_.clock.Advance(30);
  EXPECT_DOUBLE_EQ(*Wait(second), 70);
}

TEST_F(PickTest, ExpectedStartFollowsWhatIsAtWorkAndWhatGoesFirst) {
  builder_.Attach(4);
  builder_.Attach(4);
  builder_.Add("ada", {.cpus = 2, .expected_seconds = 100});
  builder_.Add("ada", {.cpus = 2, .expected_seconds = 300});
  GiveAll();
  const int64_t wide = builder_.Add("bob", {.cpus = 4, .expected_seconds = 50});
  const int64_t last = builder_.Add("bob", {.cpus = 1, .expected_seconds = 50});
  EXPECT_DOUBLE_EQ(*Wait(wide), 300);
  EXPECT_DOUBLE_EQ(*Wait(last), 350);
  builder_.clock.Advance(120);  // the first is late
  EXPECT_DOUBLE_EQ(*Wait(wide), 180);
  const int64_t unknown =
      builder_.Add("bob", {.cpus = 1, .expected_seconds = 0});
  EXPECT_DOUBLE_EQ(*Wait(unknown), 230) << "its own length does not matter";
  const int64_t behind =
      builder_.Add("bob", {.cpus = 1, .expected_seconds = 50});
  EXPECT_EQ(Wait(behind), std::nullopt);
}

TEST_F(PickTest, OrderIsAPureFunctionOfTheBooks) {
  for (int i = 0; i < 3; ++i) builder_.Attach(4);
  for (const char* owner : {"ada", "bob", "cyd"}) {
    for (int cpus = 1; cpus <= 4; ++cpus) builder_.Add(owner, {.cpus = cpus});
  }
  const auto one =
      PickNext(builder_.books, builder_.capacity, builder_.options);
  const Books copy = builder_.books;
  const auto two = PickNext(copy, builder_.capacity, builder_.options);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->work, two->work);
  EXPECT_EQ(one->worker, two->worker);
}

}  // namespace
}  // namespace engram
