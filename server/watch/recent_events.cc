#include "server/watch/recent_events.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace engram {
namespace {

using Group = std::tuple<std::string, int64_t, int64_t, int32_t>;

Group GroupOf(const OutgoingEvent& event, bool by_time) {
  const auto& time = event.message->time();
  return {event.experiment, event.point, by_time ? time.seconds() : 0,
          by_time ? time.nanos() : 0};
}

}  // namespace

void MarkEnds(std::vector<OutgoingEvent>& events, bool by_time) {
  std::map<Group, std::size_t> last;
  for (std::size_t i = 0; i < events.size(); ++i) {
    last[GroupOf(events[i], by_time)] = i;
  }
  std::size_t needed = 0;  // the group that reaches farthest ends here
  for (std::size_t i = 0; i < events.size(); ++i) {
    needed = std::max(needed, last[GroupOf(events[i], by_time)]);
    events[i].may_end = needed == i;
  }
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

std::deque<OutgoingEvent>::const_iterator RecentEvents::FirstAfter(
    int64_t sequence) const {
  return std::upper_bound(events_.begin(), events_.end(), sequence,
                          [](int64_t wanted, const OutgoingEvent& event) {
                            return wanted < event.sequence;
                          });
}

}  // namespace engram
