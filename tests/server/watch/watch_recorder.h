#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "server/store/store.h"
#include "server/watch/event_hub.h"
#include "tests/server/watch/watch_fixture.h"
#include "tests/server/watch/watch_history.h"

namespace engram {

// Makes a history: random commits on several runs, watchers that join, lag,
// lose their streams and come again, a server that restarts, a clock that is
// turned by hand. What is done follows from the seed; how the hub's thread
// comes between does not, and the promises hold all the same.
class WatchRecorder {
 public:
  explicit WatchRecorder(int seed);
  ~WatchRecorder();

  WatchHistory Record(int steps);

 private:
  class Client;

  int Below(int bound);
  void OpenServer();
  void RestartServer();
  void Step();
  void CommitSomething();
  void Join();
  WatchFilter AnyFilter();
  void Turn(int64_t us);
  // Streams that have ended are called again.
  void CallAgain();
  // Everybody is ready until everything has come.
  void CatchUp();
  void ReadEvents();

  std::mt19937_64 random_;
  std::filesystem::path folder_;
  TurnedClock clock_;
  EventHub::Options options_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<EventHub> hub_;
  std::vector<std::string> experiments_;
  std::map<std::string, std::vector<store::RunKey>> runs_;
  std::set<store::RunKey> ended_;
  std::vector<int64_t> commit_ends_;  // the last sequence of each
  std::vector<std::unique_ptr<Client>> clients_;
  WatchHistory history_;
};

}  // namespace engram
