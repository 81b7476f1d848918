#include "server/queue/pick.h"

#include <algorithm>

#include "server/queue/room.h"

namespace engram {
namespace {

// Beyond this place in the line nothing is looked at: what stands there passes
// nobody.
constexpr int kLookAhead = 1000;

bool AnyIdle(const Books& books) {
  return std::any_of(
      books.workers.begin(), books.workers.end(), [](const auto& entry) {
        return entry.second.link != nullptr && entry.second.hand.empty();
      });
}

// Goes through the line in order, without the runs of owners at their limit.
class Candidates {
 public:
  Candidates(const Books& books, int64_t steady_us)
      : books_(books), walk_(books.Order(steady_us)) {}

  // Null at the end.
  const Work* Next() {
    while (const WaitingRun* next = walk_.Next()) {
      if (!IsAtRunningLimit(books_, next->owner)) {
        return &books_.works.at(next->id);
      }
      walk_.Skip(next->owner);
    }
    return nullptr;
  }

 private:
  const Books& books_;
  WaitingLine::Walk walk_;
};

// The work that room is being made for; null when none is.
const Work* MakingRoomFor(const Books& books, int64_t steady_us) {
  if (books.room.work == 0 || steady_us >= books.room.until_steady_us) {
    return nullptr;
  }
  const auto it = books.works.find(books.room.work);
  if (it == books.works.end() || it->second.in_hand()) return nullptr;
  // Urgent runs have come since: they are first.
  const bool is_urgent = it->second.experiment->urgent;
  return is_urgent || !books.line.has_urgent() ? &it->second : nullptr;
}

std::optional<Pick> ToIdle(const Books& books, const Work& work,
                           const Executor::Capacity& in_use,
                           const Executor::Capacity& capacity) {
  if (!Fits(work.experiment->resources, in_use, capacity)) return std::nullopt;
  const WorkerEntry* worker = IdleWorkerFor(books, work);
  if (worker == nullptr) return std::nullopt;
  return Pick{work.id, worker->number};
}

std::optional<Pick> PickForIdle(const Books& books,
                                const Executor::Capacity& capacity,
                                const Queue::Options& options) {
  if (!AnyIdle(books)) return std::nullopt;
  const Executor::Capacity in_use = InUse(books);
  Candidates candidates(books, options.clock->SteadyUs());
  bool is_first = true;
  for (int i = 0; i < kLookAhead; ++i) {
    const Work* next = candidates.Next();
    if (next == nullptr) return std::nullopt;
    if (const auto pick = ToIdle(books, *next, in_use, capacity)) return pick;
    if (!CouldStart(books, *next, capacity)) continue;
    if (is_first && IsKeptFor(books, *next, options)) return std::nullopt;
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
    if (!WorkerTakes(worker, work) || worker.hand.empty() ||
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

std::optional<Pick> PickInAdvance(const Books& books,
                                  const Executor::Capacity& capacity,
                                  const Queue::Options& options) {
  const Work* work = FirstInLine(books, capacity, options.clock->SteadyUs());
  if (work == nullptr || work->experiment->measured_runs == 0) {
    return std::nullopt;
  }
  const WorkerEntry* worker = LeastBusy(books, *work, options);
  if (worker == nullptr) return std::nullopt;
  return Pick{work->id, worker->number};
}

}  // namespace

std::optional<Pick> PickNext(const Books& books,
                             const Executor::Capacity& capacity,
                             const Queue::Options& options) {
  if (!MayStart(books)) return std::nullopt;
  if (const Work* first = MakingRoomFor(books, options.clock->SteadyUs())) {
    return ToIdle(books, *first, InUse(books), capacity);
  }
  if (auto pick = PickForIdle(books, capacity, options)) return pick;
  return PickInAdvance(books, capacity, options);
}

const Work* FirstInLine(const Books& books, const Executor::Capacity& capacity,
                        int64_t steady_us) {
  Candidates candidates(books, steady_us);
  for (int i = 0; i < kLookAhead; ++i) {
    const Work* next = candidates.Next();
    if (next == nullptr || CouldStart(books, *next, capacity)) return next;
  }
  return nullptr;
}

bool IsKeptFor(const Books& books, const Work& work,
               const Queue::Options& options) {
  const int64_t now = options.clock->SteadyUs();
  const Work* room = MakingRoomFor(books, now);
  if (room != nullptr) return room->id == work.id;
  return work.blocked_since_steady_us &&
         now - *work.blocked_since_steady_us >= options.pass_limit_us;
}

}  // namespace engram
