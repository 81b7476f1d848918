// What the queue shows: its order, and why a run waits.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/queue/expected_start.h"
#include "server/queue/explain.h"
#include "server/queue/move_run.h"
#include "server/queue/queue_impl.h"
#include "server/queue/room.h"

namespace engram {
namespace {

// Explaining all of a long queue would cost more than it tells.
constexpr int64_t kExplained = 100;

QueueEntry EntryFor(const Work& work, int64_t position) {
  return {.run = work.run,
          .owner = work.owner,
          .state = work.state,
          .position = position,
          .explanation = "",
          .resources = work.experiment->resources,
          .since_us = work.since_us};
}

// What a run's history says of its waiting again: "preempted for users/bob".
// Nothing when a user queued it.
std::string QueuedAgainText(const store::RunRow& row) {
  return row.state_actor.starts_with("users/") ? std::string()
                                               : row.state_reason + "; ";
}

}  // namespace

absl::StatusOr<Explanation> Queue::Impl::Explain(const RunName& run) {
  store::RunRow row;
  const absl::Status status = store_.Read([&](store::Reader& reader) {
    const auto experiment = store::FindExperiment(reader, run.experiment);
    if (!experiment.ok()) return experiment.status();
    const auto key = store::FindRun(reader, *experiment, run.point);
    if (key.ok()) row = store::ReadRun(reader, *key);
    return key.status();
  });
  if (!status.ok()) return status;
  MutexLock lock(mu_);
  const Work* work = books_.FindRun(row.key);
  if (work == nullptr) {
    std::string text =
        absl::StrCat(row.state_reason, " (", row.state_actor, ")");
    if (!row.error_message.empty()) {
      absl::StrAppend(&text, ": ", row.error_message);
    }
    return Explanation{StateOf(row), std::move(text), 0, std::nullopt};
  }
  if (work->state != RunState::kQueued || work->in_hand()) {
    return Explanation{work->state,
                       WhereItIs(books_, *work, options_.clock->SteadyUs()), 0,
                       std::nullopt};
  }
  Explanation explanation = ExplainWaiting(books_, *work);
  explanation.text.insert(0, QueuedAgainText(row));
  return explanation;
}

Explanation Queue::Impl::ExplainWaiting(const Books& books, const Work& work) {
  const int64_t steady_us = options_.clock->SteadyUs();
  const Executor::Capacity capacity = executor_.capacity();
  auto walk = books.Order(steady_us);
  int64_t position = 1;
  const WaitingRun* next = walk.Next();
  for (; next != nullptr && next->id != work.id; next = walk.Next()) ++position;
  if (next == nullptr) position = 0;
  Explanation explanation{RunState::kQueued,
                          WhyItWaits(books, work, position, capacity, options_),
                          position, std::nullopt};
  if (position == 0 || books.is_draining || books.is_disk_low) {
    return explanation;
  }
  if (const auto wait = ExpectedWait(books, work, capacity, steady_us)) {
    explanation.expected_start_us =
        options_.clock->NowUs() + static_cast<int64_t>(*wait * 1e6);
  }
  return explanation;
}

QueueSnapshot Queue::Impl::Snapshot(int64_t limit) {
  MutexLock lock(mu_);
  QueueSnapshot snapshot;
  const Executor::Capacity capacity = executor_.capacity();
  for (const auto& [id, work] : books_.works) {
    const bool waits = work.state == RunState::kQueued;
    ++(waits ? snapshot.queued_runs : snapshot.running_runs);
    if (waits && !work.in_hand()) continue;
    snapshot.entries.push_back(EntryFor(work, 0));
    snapshot.entries.back().explanation =
        WhereItIs(books_, work, options_.clock->SteadyUs());
  }
  auto walk = books_.Order(options_.clock->SteadyUs());
  int64_t position = 0;
  while (std::ssize(snapshot.entries) < limit) {
    const WaitingRun* next = walk.Next();
    if (next == nullptr) break;
    const Work& work = books_.works.at(next->id);
    snapshot.entries.push_back(EntryFor(work, ++position));
    if (position > kExplained) continue;
    snapshot.entries.back().explanation =
        WhyItWaits(books_, work, position, capacity, options_);
  }
  if (std::ssize(snapshot.entries) > limit) {
    snapshot.entries.resize(static_cast<std::size_t>(limit));
  }
  return snapshot;
}

QueueStatus Queue::Impl::Status() {
  MutexLock lock(mu_);
  const Executor::Capacity capacity = executor_.capacity();
  const Executor::Capacity in_use = InUse(books_);
  QueueStatus status{.queued_runs = 0,
                     .running_runs = 0,
                     .cpus = capacity.cpus,
                     .cpus_in_use = in_use.cpus,
                     .memory_bytes = capacity.memory_bytes,
                     .memory_bytes_in_use = in_use.memory_bytes,
                     .draining = books_.is_draining,
                     .disk_low = books_.is_disk_low,
                     .workers = static_cast<int>(books_.workers.size()),
                     .runs = {},
                     .oldest_wait_us = std::nullopt};
  for (const RunState state : AllRunStates()) {
    if (!HasEnded(state)) status.runs[state] = 0;
  }
  for (const auto& [id, work] : books_.works) {
    if (work.verification == 0) ++status.runs[work.state];
    if (work.state != RunState::kQueued) {
      ++status.running_runs;
      continue;
    }
    ++status.queued_runs;
    status.oldest_wait_us =
        std::min(status.oldest_wait_us.value_or(work.since_us), work.since_us);
  }
  return status;
}

std::vector<WorkerStatus> Queue::Impl::Workers() {
  MutexLock lock(mu_);
  std::vector<WorkerStatus> workers;
  for (const auto& [number, worker] : books_.workers) {
    WorkerStatus status{.number = number,
                        .host = worker.facts.host,
                        .pid = worker.facts.pid,
                        .build = worker.facts.build,
                        .cpus = worker.facts.cpus,
                        .connect_us = worker.connect_us,
                        .run = std::nullopt,
                        .held_runs = 0};
    if (!worker.hand.empty()) {
      status.run = books_.works.at(worker.hand.front()).run;
      status.held_runs = static_cast<int>(worker.hand.size()) - 1;
    }
    workers.push_back(std::move(status));
  }
  return workers;
}

std::optional<LiveProgress> Queue::Impl::ProgressOf(const RunName& run,
                                                    int64_t verification) {
  MutexLock lock(mu_);
  for (const auto& [number, worker] : books_.workers) {
    for (const int64_t id : worker.hand) {
      const Work& work = books_.works.at(id);
      if (work.run == run && work.verification == verification) {
        return work.progress;
      }
    }
  }
  return std::nullopt;
}

double Queue::Impl::RecentCpuSeconds(absl::string_view owner) {
  MutexLock lock(mu_);
  return books_.UsedBy(owner, options_.clock->SteadyUs());
}

void Queue::Impl::SetQuota(absl::string_view owner,
                           const store::QuotaRow& quota) {
  MutexLock lock(mu_);
  books_.quotas[std::string(owner)] = quota;
  Schedule(books_);
}

void Queue::Impl::SetLiveListener(
    std::function<void(const RunName&, const LiveReport&)> listener) {
  MutexLock lock(mu_);
  live_ = std::move(listener);
}

}  // namespace engram
