#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "engram/v1/events.pb.h"
#include "server/store/event_table.h"
#include "server/store/keys.h"
#include "server/watch/recent_events.h"
#include "server/watch/watch_filter.h"

namespace engram::store {
class Reader;
}

namespace engram {

// How a watcher begins; see WatchRequest.
struct WatchStart {
  WatchFilter filter;
  int64_t from_sequence = 0;
  bool until_done = false;
};

// Makes the wire's messages, within a read.
struct WatchMessages {
  std::function<v1::Event(store::Reader&, const store::StoredEvent&)> event;
  // The present state of a run as an event without a sequence.
  std::function<v1::Event(store::Reader&, store::RunKey)> present;
};

OutgoingEvent MakeOutgoing(const WatchMessages& messages, store::Reader& reader,
                           const store::StoredEvent& event);

// What one watcher has been sent, and is sent next. It holds 8 bytes for each
// run whose present state is still to be sent and a node for each run whose end
// it waits for, and no event: those are in the store, the newest in memory
// once for all watchers. Not thread-safe.
class Watcher {
 public:
  explicit Watcher(WatchStart start) : start_(std::move(start)) {}

  // What is watched, and how it stands now: in one snapshot. OUT_OF_RANGE:
  // events after from_sequence are no longer kept, or it has not been given
  // (the server's files are older than the watcher). NOT_FOUND: an experiment
  // or run of the filter that does not exist.
  absl::Status Prepare(store::Reader& reader);

  const WatchFilter& filter() const { return start_.filter; }
  // Everything up to here was sent.
  int64_t last() const { return last_; }
  bool owes_present() const { return next_present_ < present_.size(); }
  // Every run watched has ended, and all up to that was sent.
  bool is_done() const {
    return start_.until_done && open_.empty() && last_ >= prepared_at_;
  }
  // What the watcher may go on from. 0 until every present state was sent:
  // whoever went on from a number then would never see those that are left.
  int64_t bookmark() const { return owes_present() ? 0 : last_; }
  // Without what is shared with others.
  std::size_t held_bytes() const;

  // Each fills a response up to about `max_bytes`.
  void FillPresent(store::Reader& reader, const WatchMessages& messages,
                   std::size_t max_bytes, v1::WatchResponse& response);
  // From the store: for who is behind.
  void FillHistory(store::Reader& reader, const WatchMessages& messages,
                   std::size_t max_bytes, v1::WatchResponse& response);
  void FillRecent(const RecentEvents& recent, std::size_t max_bytes,
                  v1::WatchResponse& response);

 private:
  void AddRun(store::RunKey run, bool has_ended);
  void FollowState(store::RunKey run, bool has_ended);

  const WatchStart start_;
  std::vector<store::ExperimentKey> experiments_;  // of the filter
  int64_t last_ = 0;
  int64_t prepared_at_ = 0;  // the newest sequence when `open_` was read
  std::vector<store::RunKey> present_;  // states to send first
  std::size_t next_present_ = 0;
  std::set<store::RunKey> open_;  // not ended; followed with until_done alone
};

}  // namespace engram
