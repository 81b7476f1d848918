#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "engram/v1/events.pb.h"
#include "server/watch/watch_filter.h"

namespace engram {

// What happened and what watchers were sent of it, to be judged afterwards.

struct TrueEvent {
  int64_t sequence = 0;
  int commit = 0;  // events of one have the same number
  std::string experiment;
  int64_t point = -1;
  v1::EventKind kind = v1::EVENT_KIND_UNSPECIFIED;
};
struct RecordedResponse {
  int64_t sent_us = 0;
  // Since when the watcher could take it.
  int64_t ready_us = 0;
  v1::WatchResponse response;
};
struct RecordedStream {
  int64_t from = 0;  // from_sequence
  std::vector<RecordedResponse> responses;

  int64_t last_bookmark() const;
  // After which sequence its events begin; -1 when it never came to that.
  int64_t begins_after() const;
  std::vector<int64_t> sequences() const;
};
// One watcher, who comes again from its last bookmark whenever a stream ends.
struct RecordedWatcher {
  WatchFilter filter;
  std::vector<RecordedStream> streams;

  bool Wants(const TrueEvent& event) const;
};
struct WatchHistory {
  std::vector<TrueEvent> events;
  std::vector<RecordedWatcher> watchers;
  int64_t bookmark_us = 0;  // what a watcher waits for at most

  // What a watcher is to be sent, in order.
  std::vector<int64_t> Wanted(const RecordedWatcher& watcher, int64_t after,
                              int64_t up_to) const;
};

// The six promises. Each says where it was broken first.
absl::Status CheckOrdered(const WatchHistory& history);
absl::Status CheckUnique(const WatchHistory& history);
absl::Status CheckReliable(const WatchHistory& history);
absl::Status CheckAtomic(const WatchHistory& history);
absl::Status CheckResumable(const WatchHistory& history);
absl::Status CheckBookmarked(const WatchHistory& history);

}  // namespace engram
