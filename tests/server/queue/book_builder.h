#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/queue/books.h"
#include "server/queue/pick.h"
#include "tests/server/queue/queue_fixture.h"

namespace engram {

// Books made by hand: runs that begin as soon as they are given, workers that
// take what they get.
class BookBuilder {
 public:
  BookBuilder() { options.clock = &clock; }

  // A worker with nothing in hand; its number.
  int64_t Attach(int cpus) {
    const int64_t number = std::ssize(books.workers) + 1;
    WorkerEntry& worker = books.workers[number];
    worker.number = number;
    worker.facts.cpus = cpus;
    worker.link = std::make_shared<FakeLink>();
    return number;
  }

  // A run that waits, of an experiment of its own; its work.
  int64_t Add(const std::string& owner, const RunResources& needs,
              double expected_seconds = 60, bool urgent = false,
              int priority = 0) {
    auto experiment = std::make_shared<ExperimentEntry>();
    experiment->key = store::ExperimentKey{++last_key_};
    experiment->id = "experiment" + std::to_string(last_key_);
    experiment->owner = owner;
    experiment->resources = needs;
    experiment->expected_seconds = expected_seconds;
    experiment->measured_runs = expected_seconds > 0 ? 1 : 0;
    experiment->urgent = urgent;
    experiment->priority = priority;
    books.experiments[experiment->id] = experiment;
    Work work;
    work.experiment = experiment;
    work.run = {experiment->id, 0};
    work.key = store::RunKey{last_key_};
    work.owner = owner;
    return books.Add(std::move(work)).id;
  }

  void Use(const std::string& owner, double cpu_seconds) {
    books.shares.Add(owner, cpu_seconds, books.ShareTime(clock.SteadyUs()));
  }

  // Gives out what can be given, as the queue does; the works in order.
  std::vector<int64_t> GiveAll(const Executor::Capacity& capacity) {
    std::vector<int64_t> given;
    while (const auto pick = PickNext(books, capacity, options)) {
      Work& work = books.works.at(pick->work);
      books.Give(work, books.workers.at(pick->worker));
      work.is_ready = work.is_sent = true;
      work.state = RunState::kStarting;
      given.push_back(work.id);
    }
    BeginAll();
    const Work* first = FirstInLine(books, capacity, clock.SteadyUs());
    if (first != nullptr && !first->blocked_since_steady_us) {
      books.works.at(first->id).blocked_since_steady_us = clock.SteadyUs();
    }
    return given;
  }

  // What stands first in each hand is at work.
  void BeginAll() {
    for (auto& [number, worker] : books.workers) {
      if (worker.hand.empty()) continue;
      Work& work = books.works.at(worker.hand.front());
      if (work.has_begun) continue;
      work.has_begun = true;
      work.begun_steady_us = clock.SteadyUs();
      work.state = RunState::kRunning;
      ++work.attempts;
    }
  }

  Books books;
  FakeClock clock;
  Queue::Options options;

 private:
  int64_t last_key_ = 0;
};

}  // namespace engram
