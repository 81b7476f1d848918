#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/queue/books.h"
#include "server/queue/preempt.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {

// What a run asks for and how long it is thought to take.
struct Wish {
  int cpus = 1;
  int64_t memory_bytes = 0;
  double expected_seconds = 60;  // 0: not known
  bool urgent = false;
  int priority = 0;
};

// Books made by hand: runs that begin as soon as they are given, workers that
// take what they get.
class BookBuilder {
 public:
  BookBuilder() { options.clock = &clock; }

  // A worker with nothing in hand; its number.
  int64_t Attach(int cpus);
  // Submitted after those that were made before.
  std::shared_ptr<ExperimentEntry> MakeExperiment(const std::string& owner,
                                                  const Wish& wish);
  // A run that waits; its work.
  int64_t AddRun(const std::shared_ptr<ExperimentEntry>& experiment,
                 int64_t point = 0);
  // The one run of an experiment of its own; its work.
  int64_t Add(const std::string& owner, const Wish& wish);
  void Use(const std::string& owner, double cpu_seconds);
  // Ends a run in hand; its owner has used what it took.
  void End(int64_t id);

  // Gives out what can be given, and asks for room, as the queue does. The
  // works that were given, in order.
  std::vector<int64_t> GiveAll();
  // What the last call asked for.
  std::vector<AskedBack> asked;

  Books books;
  FakeClock clock;
  Queue::Options options;
  Executor::Capacity capacity = {.cpus = 4, .memory_bytes = int64_t{16} << 30};

 private:
  // What stands first in each hand is at work.
  void BeginAll();

  int64_t last_key_ = 0;
};

}  // namespace engram
