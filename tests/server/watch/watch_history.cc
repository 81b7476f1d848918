#include "tests/server/watch/watch_history.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

absl::Status Broken(std::size_t watcher, std::size_t stream,
                    const std::string& what) {
  return absl::FailedPreconditionError(
      absl::StrCat("watcher ", watcher, ", stream ", stream, ": ", what));
}

// Judges every stream; the check says what is wrong, nothing if all is well.
absl::Status EachStream(
    const WatchHistory& history,
    const std::function<std::string(const RecordedWatcher&,
                                    const RecordedStream&)>& check) {
  for (std::size_t w = 0; w < history.watchers.size(); ++w) {
    const RecordedWatcher& watcher = history.watchers[w];
    for (std::size_t s = 0; s < watcher.streams.size(); ++s) {
      const std::string wrong = check(watcher, watcher.streams[s]);
      if (!wrong.empty()) return Broken(w, s, wrong);
    }
  }
  return absl::OkStatus();
}

std::string Difference(const std::vector<int64_t>& wanted,
                       const std::vector<int64_t>& sent) {
  const auto [a, b] =
      std::mismatch(wanted.begin(), wanted.end(), sent.begin(), sent.end());
  if (a == wanted.end() && b == sent.end()) return "";
  return absl::StrCat("event ", a == wanted.end() ? "none" : absl::StrCat(*a),
                      " was to come, and ",
                      b == sent.end() ? "none" : absl::StrCat(*b), " did");
}

}  // namespace

int64_t RecordedStream::last_bookmark() const {
  return responses.empty() ? 0 : responses.back().response.bookmark();
}

int64_t RecordedStream::begins_after() const {
  if (from >= 0) return from;
  for (const auto& recorded : responses) {
    if (recorded.response.bookmark() > 0) return recorded.response.bookmark();
  }
  return -1;
}

std::vector<int64_t> RecordedStream::sequences() const {
  std::vector<int64_t> all;
  for (const auto& recorded : responses) {
    for (const v1::Event& event : recorded.response.events()) {
      if (event.sequence() > 0) all.push_back(event.sequence());
    }
  }
  return all;
}

bool RecordedWatcher::Wants(const TrueEvent& event) const {
  return filter.Takes(event.experiment, event.point) &&
         filter.Takes(event.kind);
}

std::vector<int64_t> WatchHistory::Wanted(const RecordedWatcher& watcher,
                                          int64_t after, int64_t up_to) const {
  std::vector<int64_t> wanted;
  for (const TrueEvent& event : events) {
    if (event.sequence > after && event.sequence <= up_to &&
        watcher.Wants(event)) {
      wanted.push_back(event.sequence);
    }
  }
  return wanted;
}

absl::Status CheckOrdered(const WatchHistory& history) {
  return EachStream(history, [](const auto&, const RecordedStream& stream) {
    const std::vector<int64_t> all = stream.sequences();
    const auto at = std::adjacent_find(all.begin(), all.end(),
                                       std::greater_equal<int64_t>());
    return at == all.end()
               ? std::string()
               : absl::StrCat("event ", at[1], " came after ", at[0]);
  });
}

absl::Status CheckUnique(const WatchHistory& history) {
  return EachStream(history, [](const auto&, const RecordedStream& stream) {
    std::set<int64_t> seen;
    for (const int64_t sequence : stream.sequences()) {
      if (!seen.insert(sequence).second) {
        return absl::StrCat("event ", sequence, " came twice");
      }
    }
    return std::string();
  });
}

absl::Status CheckReliable(const WatchHistory& history) {
  return EachStream(history, [&](const RecordedWatcher& watcher,
                                 const RecordedStream& stream) {
    std::vector<int64_t> sent = stream.sequences();
    std::sort(sent.begin(), sent.end());
    const int64_t after = stream.begins_after();
    if (after < 0) {
      return sent.empty() ? "" : std::string("events before any bookmark");
    }
    return Difference(history.Wanted(watcher, after, stream.last_bookmark()),
                      sent);
  });
}

absl::Status CheckAtomic(const WatchHistory& history) {
  std::map<int64_t, const TrueEvent*> by_sequence;
  for (const TrueEvent& event : history.events) {
    by_sequence[event.sequence] = &event;
  }
  return EachStream(history, [&](const auto&, const RecordedStream& stream) {
    // In which response the events of a commit and run came.
    std::map<std::tuple<int, std::string, int64_t>, std::size_t> place;
    for (std::size_t i = 0; i < stream.responses.size(); ++i) {
      for (const v1::Event& sent : stream.responses[i].response.events()) {
        const auto it = by_sequence.find(sent.sequence());
        if (it == by_sequence.end()) continue;
        const TrueEvent& event = *it->second;
        const auto [at, is_new] = place.emplace(
            std::tuple(event.commit, event.experiment, event.point), i);
        if (at->second != i) {
          return absl::StrCat("event ", sent.sequence(), " of commit ",
                              event.commit, " came in response ", i,
                              ", another of its run in ", at->second);
        }
      }
    }
    return std::string();
  });
}

absl::Status CheckResumable(const WatchHistory& history) {
  for (std::size_t w = 0; w < history.watchers.size(); ++w) {
    const RecordedWatcher& watcher = history.watchers[w];
    std::vector<int64_t> sent;
    int64_t begin = -1, bookmark = 0;
    for (std::size_t s = 0; s < watcher.streams.size(); ++s) {
      const RecordedStream& stream = watcher.streams[s];
      if (bookmark > 0 && stream.from != bookmark) {
        return Broken(w, s,
                      absl::StrCat("went on from ", stream.from,
                                   " after bookmark ", bookmark));
      }
      if (begin < 0) begin = stream.begins_after();
      if (stream.last_bookmark() > 0) bookmark = stream.last_bookmark();
      const auto more = stream.sequences();
      sent.insert(sent.end(), more.begin(), more.end());
    }
    const std::string wrong =
        Difference(history.Wanted(watcher, begin, bookmark), sent);
    if (!wrong.empty()) return Broken(w, 0, wrong);
  }
  return absl::OkStatus();
}

absl::Status CheckBookmarked(const WatchHistory& history) {
  return EachStream(history, [&](const auto&, const RecordedStream& stream) {
    int64_t bookmark = stream.from;
    for (const RecordedResponse& recorded : stream.responses) {
      const v1::WatchResponse& response = recorded.response;
      if (response.bookmark() == 0) continue;  // present states still to come
      for (const v1::Event& event : response.events()) {
        if (event.sequence() == 0) continue;
        if (event.sequence() <= bookmark) {
          return absl::StrCat("event ", event.sequence(), " after bookmark ",
                              bookmark);
        }
        if (event.sequence() > response.bookmark()) {
          return absl::StrCat("event ", event.sequence(),
                              " is beyond its response's bookmark ",
                              response.bookmark());
        }
      }
      if (response.bookmark() < bookmark) {
        return absl::StrCat("bookmark ", response.bookmark(), " after ",
                            bookmark);
      }
      bookmark = response.bookmark();
      if (recorded.sent_us - recorded.ready_us > history.bookmark_us) {
        return absl::StrCat("no bookmark for ",
                            recorded.sent_us - recorded.ready_us, " us");
      }
    }
    return std::string();
  });
}

}  // namespace engram
