#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "engram/v1/events.pb.h"
#include "server/store/event_table.h"

namespace engram {

// An event on its way to watchers; its message is made once for all of them.
struct OutgoingEvent {
  int64_t sequence = 0;
  std::string experiment;
  int64_t point = -1;
  v1::EventKind kind = v1::EVENT_KIND_UNSPECIFIED;
  std::shared_ptr<const v1::Event> message;
  std::size_t bytes = 0;
  // A response may end after it: no run's events of one commit are on both
  // sides.
  bool may_end = false;
  // Of a state event: which run, and whether it has ended with it.
  bool is_state = false;
  bool has_ended = false;
  store::RunKey run{};
};

// Says where a response may end in events that were committed together. A run
// whose events in it are more than `max_bytes` together loses the points that
// are attached to them (they are in the store); if it is too much even then,
// its events of one change, which have one time, stay together and no more: so
// what has to be in one response is bounded.
void MarkCommit(std::vector<OutgoingEvent>& events, std::size_t max_bytes);

// The same for events that are read back, where those of one run and one time
// count as committed together.
std::vector<bool> EndsOf(const std::vector<store::StoredEvent>& events);

// The newest events, all that came after `after()`.
class RecentEvents {
 public:
  RecentEvents(int64_t after, std::size_t max_events, std::size_t max_bytes)
      : after_(after), max_events_(max_events), max_bytes_(max_bytes) {}

  void Add(std::vector<OutgoingEvent> events);
  // Forgets all: what came up to this sequence is in the store.
  void SkipTo(int64_t sequence);
  int64_t after() const { return after_; }
  int64_t last() const {
    return events_.empty() ? after_ : events_.back().sequence;
  }
  // Events after `sequence`, which is not before after(), in order.
  template <class Visit>  // bool(const OutgoingEvent&): go on
  void ForEachAfter(int64_t sequence, const Visit& visit) const {
    for (auto it = FirstAfter(sequence); it != events_.end(); ++it) {
      if (!visit(*it)) return;
    }
  }

 private:
  std::deque<OutgoingEvent>::const_iterator FirstAfter(int64_t sequence) const;

  int64_t after_;
  const std::size_t max_events_;
  const std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::deque<OutgoingEvent> events_;
};

}  // namespace engram
