#include "server/watch/recent_events.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/watch/watch_filter.h"

namespace engram {
namespace {

using ::testing::ElementsAre;

OutgoingEvent Event(int64_t sequence, int64_t point, int64_t seconds = 0) {
  OutgoingEvent event;
  event.sequence = sequence;
  event.experiment = "k7m2q9xw4p";
  event.point = point;
  event.bytes = 10;
  auto message = std::make_shared<v1::Event>();
  message->mutable_time()->set_seconds(seconds);
  event.message = message;
  return event;
}

std::vector<bool> Ends(std::vector<OutgoingEvent> events,
                       std::size_t max_bytes = 1000) {
  MarkCommit(events, max_bytes);
  std::vector<bool> ends;
  for (const auto& event : events) ends.push_back(event.may_end);
  return ends;
}

store::StoredEvent Stored(int64_t point, int64_t time_us) {
  store::StoredEvent event;
  event.experiment_id = "k7m2q9xw4p";
  event.run = store::RunKey{point};
  event.point = point;
  event.time_us = time_us;
  return event;
}

TEST(RecentEventsTest, OneRunsEventsOfACommitStayTogether) {
  EXPECT_THAT(Ends({Event(1, 1), Event(2, 1), Event(3, 2)}),
              ElementsAre(false, true, true));
  EXPECT_THAT(Ends({Event(1, 1), Event(2, 2), Event(3, 1), Event(4, 3)}),
              ElementsAre(false, false, true, true));
}

TEST(RecentEventsTest, WhatIsReadBackIsToldApartByTime) {
  EXPECT_THAT(EndsOf({Stored(1, 5), Stored(1, 5), Stored(1, 6)}),
              ElementsAre(false, true, true));
  EXPECT_THAT(EndsOf({Stored(1, 5), Stored(2, 5), Stored(1, 5)}),
              ElementsAre(false, false, true));
}

// A worker that was away for long sends so much that one commit has more of a
// run than a response may.
TEST(RecentEventsTest, TooMuchOfARunIsToldApartByTime) {
  EXPECT_THAT(Ends({Event(1, 1, 5), Event(2, 1, 5), Event(3, 1, 6),
                    Event(4, 2, 5), Event(5, 2, 6)},
                   25),
              ElementsAre(false, true, true, false, true));
}

TEST(RecentEventsTest, AttachedPointsGoFirstWhenItIsTooMuch) {
  OutgoingEvent points = Event(1, 1);
  auto message = std::make_shared<v1::Event>();
  for (int i = 0; i < 100; ++i) {
    message->mutable_points_stored()->add_x(i);
    message->mutable_points_stored()->add_values(i);
  }
  message->mutable_points_stored()->mutable_series()->set_name("rate");
  points.bytes = message->ByteSizeLong();
  points.message = message;
  std::vector<OutgoingEvent> events = {points, Event(2, 1)};
  MarkCommit(events, 10'000);
  EXPECT_EQ(events[0].message->points_stored().x_size(), 100);
  MarkCommit(events, 1000);
  EXPECT_EQ(events[0].message->points_stored().x_size(), 0);
  EXPECT_EQ(events[0].message->points_stored().series().name(), "rate");
  EXPECT_LT(events[0].bytes, 20u);
  EXPECT_FALSE(events[0].may_end) << "it fits now, and stays together";
}

TEST(RecentEventsTest, OldEventsAreForgottenByCountAndBytes) {
  RecentEvents recent(7, 2, 1000);
  recent.Add({Event(8, 1), Event(9, 1), Event(10, 1)});
  EXPECT_EQ(recent.after(), 8);
  EXPECT_EQ(recent.last(), 10);
  std::vector<int64_t> seen;
  recent.ForEachAfter(9, [&](const OutgoingEvent& event) {
    seen.push_back(event.sequence);
    return true;
  });
  EXPECT_THAT(seen, ElementsAre(10));
  RecentEvents small(0, 100, 15);
  small.Add({Event(1, 1), Event(2, 1)});
  EXPECT_EQ(small.after(), 1);
}

TEST(WatchFilterTest, TakesExperimentsWithTheirRunsAndSingleRuns) {
  WatchFilter filter;
  EXPECT_TRUE(filter.Takes("anything", 3));
  filter.experiments = {"whole"};
  filter.runs = {{"part", 2}};
  EXPECT_TRUE(filter.Takes("whole", 5));
  EXPECT_TRUE(filter.Takes("whole", -1));
  EXPECT_TRUE(filter.Takes("part", 2));
  EXPECT_FALSE(filter.Takes("part", 3));
  EXPECT_FALSE(filter.Takes("part", -1));
  EXPECT_TRUE(filter.Takes(v1::EVENT_KIND_LOG));
  filter.kinds = {v1::EVENT_KIND_STATE};
  EXPECT_FALSE(filter.Takes(v1::EVENT_KIND_LOG));
}

}  // namespace
}  // namespace engram
