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

std::vector<bool> Ends(std::vector<OutgoingEvent> events, bool by_time) {
  MarkEnds(events, by_time);
  std::vector<bool> ends;
  for (const auto& event : events) ends.push_back(event.may_end);
  return ends;
}

TEST(RecentEventsTest, OneRunsEventsOfACommitStayTogether) {
  EXPECT_THAT(Ends({Event(1, 1), Event(2, 1), Event(3, 2)}, false),
              ElementsAre(false, true, true));
  EXPECT_THAT(Ends({Event(1, 1), Event(2, 2), Event(3, 1), Event(4, 3)}, false),
              ElementsAre(false, false, true, true));
}

TEST(RecentEventsTest, WhatIsReadBackIsToldApartByTime) {
  EXPECT_THAT(Ends({Event(1, 1, 5), Event(2, 1, 5), Event(3, 1, 6)}, true),
              ElementsAre(false, true, true));
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
