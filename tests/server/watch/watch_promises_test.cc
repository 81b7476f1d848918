// The six promises of Events.Watch, each held against what watchers of random
// histories were sent, and each check shown to refuse a history that breaks it.
#include <cstdlib>
#include <functional>
#include <map>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/watch/watch_recorder.h"

namespace engram {
namespace {

using ::testing::HasSubstr;

std::vector<int> Seeds() {
  std::vector<int> seeds;
  const int count = std::getenv("ENGRAM_LONG") == nullptr ? 3 : 100;
  for (int seed = 1; seed <= count; ++seed) seeds.push_back(seed);
  return seeds;
}

// Recorded once for all of the tests.
const WatchHistory& History(int seed) {
  static std::map<int, WatchHistory> histories;
  const auto it = histories.find(seed);
  if (it != histories.end()) return it->second;
  return histories[seed] = WatchRecorder(seed).Record(150);
}

using Check = absl::Status (*)(const WatchHistory&);

void ExpectKept(Check check) {
  for (const int seed : Seeds()) {
    EXPECT_EQ(check(History(seed)), absl::OkStatus()) << "seed " << seed;
  }
}

// Tampers with the first stream that is such that it can be; false when none
// is. How a history falls into responses differs from one recording to another.
bool Tamper(WatchHistory& history,
            const std::function<bool(RecordedStream&)>& tamper) {
  for (RecordedWatcher& watcher : history.watchers) {
    for (RecordedStream& stream : watcher.streams) {
      if (tamper(stream)) return true;
    }
  }
  return false;
}

// The check refuses what `tamper` makes of a history, and says so.
void ExpectRefused(Check check, const std::string& what,
                   const std::function<bool(RecordedStream&)>& tamper) {
  for (const int seed : Seeds()) {
    WatchHistory history = History(seed);
    if (!Tamper(history, tamper)) continue;
    EXPECT_THAT(std::string(check(history).message()), HasSubstr(what));
    return;
  }
  FAIL() << "no stream is such that it could be tampered with";
}

// The first response with two numbered events or more; null when there is none.
v1::WatchResponse* WithTwo(RecordedStream& stream) {
  for (RecordedResponse& recorded : stream.responses) {
    v1::WatchResponse& response = recorded.response;
    if (response.events_size() > 1 && response.events(0).sequence() > 0) {
      return &response;
    }
  }
  return nullptr;
}

TEST(WatchPromises, HistoriesHoldWhatTheyAreToShow) {
  for (const int seed : Seeds()) {
    const WatchHistory& history = History(seed);
    std::size_t streams = 0, responses = 0, events = 0;
    for (const auto& watcher : history.watchers) {
      streams += watcher.streams.size();
      for (const auto& stream : watcher.streams) {
        responses += stream.responses.size();
        events += stream.sequences().size();
      }
    }
    EXPECT_GE(history.watchers.size(), 5u);
    EXPECT_GE(streams, 2 * history.watchers.size()) << "nobody came again";
    EXPECT_GE(responses, 100u);
    EXPECT_GE(events, history.events.size()) << "too little is watched";
  }
}

TEST(WatchPromises, Ordered) {
  ExpectKept(CheckOrdered);
  ExpectRefused(CheckOrdered, "came after", [](RecordedStream& stream) {
    v1::WatchResponse* response = WithTwo(stream);
    if (response == nullptr) return false;
    response->mutable_events()->SwapElements(0, 1);
    return true;
  });
}

TEST(WatchPromises, Unique) {
  ExpectKept(CheckUnique);
  ExpectRefused(CheckUnique, "came twice", [](RecordedStream& stream) {
    v1::WatchResponse* response = WithTwo(stream);
    if (response == nullptr) return false;
    *stream.responses.back().response.add_events() = response->events(0);
    return true;
  });
}

TEST(WatchPromises, Reliable) {
  ExpectKept(CheckReliable);
  ExpectRefused(CheckReliable, "was to come", [](RecordedStream& stream) {
    v1::WatchResponse* response = WithTwo(stream);
    if (response == nullptr) return false;
    response->mutable_events()->DeleteSubrange(1, 1);
    return true;
  });
}

TEST(WatchPromises, Atomic) {
  ExpectKept(CheckAtomic);
  // One run's last line of a commit comes a response later than the others.
  ExpectRefused(CheckAtomic, "another of its run", [](RecordedStream& stream) {
    for (std::size_t i = 0; i < stream.responses.size(); ++i) {
      v1::WatchResponse& response = stream.responses[i].response;
      const int last = response.events_size() - 1;
      if (last < 1 || response.events(last).sequence() == 0 ||
          response.events(last).parent() !=
              response.events(last - 1).parent() ||
          response.events(last).time().seconds() !=
              response.events(last - 1).time().seconds()) {
        continue;
      }
      RecordedResponse later = stream.responses[i];
      later.response.clear_events();
      *later.response.add_events() = response.events(last);
      response.mutable_events()->RemoveLast();
      stream.responses.insert(
          stream.responses.begin() + static_cast<std::ptrdiff_t>(i) + 1, later);
      return true;
    }
    return false;
  });
}

TEST(WatchPromises, Resumable) {
  ExpectKept(CheckResumable);
  // A gap between two streams, and a stream that goes on from elsewhere.
  ExpectRefused(CheckResumable, "was to come", [](RecordedStream& stream) {
    if (stream.from <= 0 || stream.responses.size() < 2 ||
        stream.responses[0].response.events().empty()) {
      return false;
    }
    stream.responses.erase(stream.responses.begin());
    return true;
  });
  WatchHistory history = History(1);
  for (RecordedWatcher& watcher : history.watchers) {
    if (watcher.streams.size() < 2 || watcher.streams[0].last_bookmark() == 0) {
      continue;
    }
    ++watcher.streams[1].from;
    break;
  }
  EXPECT_THAT(std::string(CheckResumable(history).message()),
              HasSubstr("went on from"));
}

TEST(WatchPromises, Bookmarked) {
  ExpectKept(CheckBookmarked);
  ExpectRefused(CheckBookmarked, "beyond its response's bookmark",
                [](RecordedStream& stream) {
                  v1::WatchResponse* response = WithTwo(stream);
                  if (response == nullptr) return false;
                  response->set_bookmark(response->events(0).sequence());
                  return true;
                });
  ExpectRefused(CheckBookmarked, "no bookmark for", [](RecordedStream& stream) {
    if (stream.responses.size() < 2) return false;
    stream.responses.back().sent_us += 17'000'000;
    return true;
  });
}

}  // namespace
}  // namespace engram
