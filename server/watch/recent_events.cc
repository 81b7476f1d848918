#include "server/watch/recent_events.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace engram {
namespace {

using Run = std::pair<std::string, int64_t>;
using Group = std::tuple<std::string, int64_t, int64_t, int32_t>;

// For each event, whether all of the groups before it have ended with it.
template <class Event, class GroupOf>
std::vector<bool> Ends(const std::vector<Event>& events,
                       const GroupOf& group_of) {
  std::map<Group, std::size_t> last;
  for (std::size_t i = 0; i < events.size(); ++i) {
    last[group_of(events[i])] = i;
  }
  std::vector<bool> ends(events.size());
  std::size_t needed = 0;  // the group that reaches farthest ends here
  for (std::size_t i = 0; i < events.size(); ++i) {
    needed = std::max(needed, last[group_of(events[i])]);
    ends[i] = needed == i;
  }
  return ends;
}

std::map<Run, std::size_t> BytesByRun(
    const std::vector<OutgoingEvent>& events) {
  std::map<Run, std::size_t> bytes;
  for (const OutgoingEvent& event : events) {
    bytes[{event.experiment, event.point}] += event.bytes;
  }
  return bytes;
}

void DropPoints(OutgoingEvent& event) {
  if (!event.message->has_points_stored()) return;
  auto less = std::make_shared<v1::Event>(*event.message);
  less->mutable_points_stored()->clear_x();
  less->mutable_points_stored()->clear_values();
  less->mutable_points_stored()->clear_absent();
  event.bytes = less->ByteSizeLong();
  event.message = std::move(less);
}

}  // namespace

void MarkCommit(std::vector<OutgoingEvent>& events, std::size_t max_bytes) {
  auto bytes = BytesByRun(events);
  for (OutgoingEvent& event : events) {
    if (bytes[{event.experiment, event.point}] > max_bytes) DropPoints(event);
  }
  bytes = BytesByRun(events);
  const auto ends = Ends(events, [&](const OutgoingEvent& event) -> Group {
    if (bytes[{event.experiment, event.point}] <= max_bytes) {
      return {event.experiment, event.point, 0, 0};
    }
    const auto& time = event.message->time();
    return {event.experiment, event.point, time.seconds(), time.nanos()};
  });
  for (std::size_t i = 0; i < events.size(); ++i) events[i].may_end = ends[i];
}

std::vector<bool> EndsOf(const std::vector<store::StoredEvent>& events) {
  return Ends(events, [](const store::StoredEvent& event) -> Group {
    return {event.experiment_id, event.run ? event.point : -1, event.time_us,
            0};
  });
}

void RecentEvents::Add(std::vector<OutgoingEvent> events) {
  for (OutgoingEvent& event : events) {
    bytes_ += event.bytes;
    events_.push_back(std::move(event));
  }
  while (!events_.empty() &&
         (events_.size() > max_events_ || bytes_ > max_bytes_)) {
    after_ = events_.front().sequence;
    bytes_ -= events_.front().bytes;
    events_.pop_front();
  }
}

void RecentEvents::SkipTo(int64_t sequence) {
  events_.clear();
  bytes_ = 0;
  after_ = sequence;
}

std::deque<OutgoingEvent>::const_iterator RecentEvents::FirstAfter(
    int64_t sequence) const {
  return std::upper_bound(events_.begin(), events_.end(), sequence,
                          [](int64_t wanted, const OutgoingEvent& event) {
                            return wanted < event.sequence;
                          });
}

}  // namespace engram
