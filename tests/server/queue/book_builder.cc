#include "tests/server/queue/book_builder.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/queue/pick.h"

namespace engram {

int64_t BookBuilder::Attach(int cpus) {
  const int64_t number = std::ssize(books.workers) + 1;
  WorkerEntry& worker = books.workers[number];
  worker.number = number;
  worker.facts.cpus = cpus;
  worker.link = std::make_shared<FakeLink>();
  return number;
}

std::shared_ptr<ExperimentEntry> BookBuilder::MakeExperiment(
    const std::string& owner, const Wish& wish) {
  auto experiment = std::make_shared<ExperimentEntry>();
  experiment->key = store::ExperimentKey{++last_key_};
  experiment->id = absl::StrCat("experiment", last_key_);
  experiment->owner = owner;
  experiment->resources.cpus = wish.cpus;
  experiment->resources.memory_bytes = wish.memory_bytes;
  experiment->expected_seconds = wish.expected_seconds;
  experiment->measured_runs = wish.expected_seconds > 0 ? 1 : 0;
  experiment->urgent = wish.urgent;
  experiment->priority = wish.priority;
  books.experiments[experiment->id] = experiment;
  return experiment;
}

int64_t BookBuilder::AddRun(const std::shared_ptr<ExperimentEntry>& experiment,
                            int64_t point) {
  Work work;
  work.experiment = experiment;
  work.run = {experiment->id, point};
  work.key = store::RunKey{++last_key_};
  work.owner = experiment->owner;
  return books.Add(std::move(work)).id;
}

int64_t BookBuilder::Add(const std::string& owner, const Wish& wish) {
  return AddRun(MakeExperiment(owner, wish));
}

void BookBuilder::Use(const std::string& owner, double cpu_seconds) {
  books.shares.Add(owner, cpu_seconds, books.ShareTime(clock.SteadyUs()));
}

void BookBuilder::End(int64_t id) {
  const Work& work = books.works.at(id);
  Use(work.owner, work.CpuSeconds(clock.SteadyUs()));
  books.Remove(id);
}

std::vector<int64_t> BookBuilder::GiveAll() {
  std::vector<int64_t> given;
  while (const auto pick = PickNext(books, capacity, options)) {
    Work& work = books.works.at(pick->work);
    books.Give(work, books.workers.at(pick->worker));
    work.is_ready = work.is_sent = true;
    work.state = RunState::kStarting;
    given.push_back(work.id);
  }
  BeginAll();
  asked = AskForRoom(books, capacity, options);
  for (const AskedBack& back : asked) {
    books.works.at(back.work).yield_reason = back.reason;
  }
  return given;
}

void BookBuilder::BeginAll() {
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

}  // namespace engram
