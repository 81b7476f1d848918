#include "server/queue/pick.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

// Beyond this place in the line nothing is looked at: what stands there passes
// nobody.
constexpr int kLookAhead = 1000;

bool WorkerTakes(const WorkerEntry& worker, const RunResources& needs) {
  return worker.link != nullptr && needs.cpus <= worker.facts.cpus &&
         (worker.facts.memory_bytes == 0 ||
          needs.memory_bytes <= worker.facts.memory_bytes);
}

const WorkerEntry* IdleWorker(const Books& books, const RunResources& needs) {
  for (const auto& [number, worker] : books.workers) {
    if (worker.hand.empty() && WorkerTakes(worker, needs)) return &worker;
  }
  return nullptr;
}

bool AnyIdle(const Books& books) {
  return std::any_of(
      books.workers.begin(), books.workers.end(), [](const auto& entry) {
        return entry.second.link != nullptr && entry.second.hand.empty();
      });
}

bool Fits(const RunResources& needs, const Executor::Capacity& in_use,
          const Executor::Capacity& capacity) {
  return in_use.cpus + needs.cpus <= capacity.cpus &&
         in_use.memory_bytes + needs.memory_bytes <= capacity.memory_bytes;
}

bool IsAtRunningLimit(const Books& books, const std::string& owner) {
  const auto quota = books.quotas.find(owner);
  return quota != books.quotas.end() && quota->second.running_runs > 0 &&
         books.HeldOf(owner) >= quota->second.running_runs;
}

// Whether smaller runs still pass the one that stands first and does not fit.
bool MayBePassed(Books& books, int64_t work, const Queue::Options& options) {
  const int64_t now = options.clock->SteadyUs();
  if (books.blocked_work != work) {
    books.blocked_work = work;
    books.blocked_since_us = now;
  }
  return now - books.blocked_since_us < options.pass_limit_us;
}

std::optional<Pick> PickForIdle(Books& books,
                                const Executor::Capacity& capacity,
                                const Queue::Options& options) {
  if (!AnyIdle(books)) return std::nullopt;
  const Executor::Capacity in_use = books.InUse();
  auto walk = books.Order(options.clock->NowUs(), options.clock->SteadyUs());
  bool is_first = true;
  for (int i = 0; i < kLookAhead; ++i) {
    const WaitingRun* next = walk.Next();
    if (next == nullptr) return std::nullopt;
    if (IsAtRunningLimit(books, next->owner)) {
      walk.Skip(next->owner);
      continue;
    }
    const RunResources& needs = books.works.at(next->id).experiment->resources;
    if (!Fits(needs, {.cpus = 0, .memory_bytes = 0}, capacity)) continue;
    const WorkerEntry* worker = IdleWorker(books, needs);
    if (worker != nullptr && Fits(needs, in_use, capacity)) {
      return Pick{next->id, worker->number};
    }
    if (is_first && !MayBePassed(books, next->id, options)) {
      return std::nullopt;
    }
    is_first = false;
  }
  return std::nullopt;
}

// The busy worker with the least ahead of it that can take a run in advance.
const WorkerEntry* LeastBusy(const Books& books, const Work& work,
                             const Queue::Options& options) {
  const ExperimentEntry& experiment = *work.experiment;
  const RunResources& needs = experiment.resources;
  const WorkerEntry* best = nullptr;
  double least = options.prefetch_seconds - experiment.expected_seconds;
  for (const auto& [number, worker] : books.workers) {
    if (!WorkerTakes(worker, needs) || worker.hand.empty() ||
        std::ssize(worker.hand) > options.prefetch_runs) {
      continue;
    }
    double ahead = 0;
    bool is_larger = false;
    for (const int64_t id : worker.hand) {
      const ExperimentEntry& other = *books.works.at(id).experiment;
      ahead += other.expected_seconds;
      is_larger |= needs.cpus > other.resources.cpus ||
                   needs.memory_bytes > other.resources.memory_bytes ||
                   other.measured_runs == 0;
    }
    if (is_larger || ahead > least) continue;
    least = ahead;
    best = &worker;
  }
  return best;
}

std::optional<Pick> PickInAdvance(Books& books, const Queue::Options& options) {
  auto walk = books.Order(options.clock->NowUs(), options.clock->SteadyUs());
  const WaitingRun* next = walk.Next();
  while (next != nullptr && IsAtRunningLimit(books, next->owner)) {
    walk.Skip(next->owner);
    next = walk.Next();
  }
  if (next == nullptr) return std::nullopt;
  const Work& work = books.works.at(next->id);
  if (work.experiment->measured_runs == 0) return std::nullopt;
  const WorkerEntry* worker = LeastBusy(books, work, options);
  if (worker == nullptr) return std::nullopt;
  return Pick{next->id, worker->number};
}

}  // namespace

std::optional<Pick> PickNext(Books& books, const Executor::Capacity& capacity,
                             const Queue::Options& options) {
  if (books.is_draining || books.is_disk_low || books.is_shut ||
      books.line.empty()) {
    return std::nullopt;
  }
  if (auto pick = PickForIdle(books, capacity, options)) return pick;
  return PickInAdvance(books, options);
}

std::string WhyItWaits(const Books& books, const Work& work, int64_t position,
                       const Executor::Capacity& capacity) {
  const RunResources& needs = work.experiment->resources;
  const Executor::Capacity in_use = books.InUse();
  if (position == 0) {
    return absl::StrCat("waits until experiment ", work.experiment->after,
                        " has ended");
  }
  if (!Fits(needs, {.cpus = 0, .memory_bytes = 0}, capacity)) {
    return absl::StrCat("asks for ", needs.cpus, " cpus and ",
                        needs.memory_bytes >> 20, " MiB; this server has ",
                        capacity.cpus, " and ", capacity.memory_bytes >> 20,
                        " MiB: it cannot start here");
  }
  const std::string place = position == 1
                                ? "first in line"
                                : absl::StrCat("number ", position, " in line");
  if (books.is_draining) {
    return absl::StrCat(place, ": the server is draining and starts no runs");
  }
  if (books.is_disk_low) {
    return absl::StrCat(place,
                        ": the server's disk is nearly full, and no run starts "
                        "until there is space again");
  }
  if (IsAtRunningLimit(books, work.owner)) {
    return absl::StrCat(place, ": ", work.owner, " has as many runs at work ",
                        "as the quota allows");
  }
  if (books.workers.empty()) {
    return absl::StrCat(place, ": no worker is attached");
  }
  return absl::StrCat(place, ": needs ", needs.cpus, " of ", capacity.cpus,
                      " cpus, of which ", in_use.cpus, " are taken");
}

}  // namespace engram
