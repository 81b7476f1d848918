#include "server/queue/preempt.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "server/queue/pick.h"
#include "server/queue/room.h"

namespace engram {
namespace {

// A run at work that may be asked to yield, with its worker.
struct Candidate {
  const Work* work;
  const WorkerEntry* worker;
  double used;  // by its owner
};

// What the owner of `first` is granted before anybody of those who make room
// could ask for it back [cpu-seconds].
double Grant(const Work& first, const Queue::Options& options) {
  const double longest = static_cast<double>(options.preempt_age_us) / 1e6 *
                         first.experiment->resources.cpus;
  return std::min(first.experiment->Charge(), longest);
}

bool EndsSoon(const Work& work, const Queue::Options& options) {
  return work.progress && work.progress->remaining_us &&
         *work.progress->remaining_us < options.preempt_wait_us;
}

// Those that may be asked, best first: of whoever has used most, the least
// urgent to him, the one that began last.
std::vector<Candidate> CandidatesFor(const Books& books, const Work& first,
                                     const Queue::Options& options) {
  const int64_t now = options.clock->SteadyUs();
  const bool is_urgent = first.experiment->urgent;
  const double least = books.UsedBy(first.owner, now) + Grant(first, options);
  std::vector<Candidate> candidates;
  for (const auto& [number, worker] : books.workers) {
    if (worker.hand.empty() || worker.link == nullptr) continue;
    const Work& work = books.works.at(worker.hand.front());
    // A verification keeps no state, and would begin again.
    if (work.verification > 0 || work.state != RunState::kRunning ||
        !work.has_begun || work.experiment->urgent ||
        now - work.begun_steady_us < options.preempt_age_us ||
        !work.yield_reason.empty() || EndsSoon(work, options)) {
      continue;
    }
    const double used = books.UsedBy(work.owner, now);
    if (!is_urgent && (work.owner == first.owner || used <= least)) continue;
    candidates.push_back({&work, &worker, used});
  }
  const auto order = [](const Candidate& c) {
    return std::tuple(-c.used, c.work->experiment->priority,
                      -c.work->begun_steady_us, c.work->id);
  };
  std::sort(candidates.begin(), candidates.end(),
            [&](const Candidate& a, const Candidate& b) {
              return order(a) < order(b);
            });
  return candidates;
}

// Whether `first` could start when these have yielded.
bool IsRoom(const Books& books, const Work& first,
            const std::vector<Candidate>& asked,
            const Executor::Capacity& capacity) {
  std::set<int64_t> workers;
  bool is_taken = IdleWorkerFor(books, first) != nullptr;
  for (const Candidate& candidate : asked) {
    workers.insert(candidate.worker->number);
    is_taken |= WorkerTakes(*candidate.worker, first);
  }
  return is_taken &&
         Fits(first.experiment->resources, InUse(books, workers), capacity);
}

std::vector<int64_t> PickTakeBack(const Books& books, const Work& first) {
  std::vector<int64_t> back;
  const bool is_urgent = first.experiment->urgent;
  if (!is_urgent && books.HeldOf(first.owner) > 0) return back;
  for (const auto& [number, worker] : books.workers) {
    if (!WorkerTakes(worker, first)) continue;
    for (std::size_t i = 1; i < worker.hand.size(); ++i) {
      const Work& held = books.works.at(worker.hand[i]);
      if (held.is_sent && !held.has_begun && held.yield_reason.empty() &&
          !held.experiment->urgent &&
          (is_urgent || held.owner != first.owner)) {
        back.push_back(held.id);
      }
    }
  }
  return back;
}

std::vector<int64_t> PickRoom(const Books& books, const Work& first,
                              const Executor::Capacity& capacity,
                              const Queue::Options& options) {
  const int64_t now = options.clock->SteadyUs();
  if (!first.blocked_since_steady_us ||
      now - *first.blocked_since_steady_us < options.preempt_wait_us ||
      now < books.room.until_steady_us) {
    return {};
  }
  std::vector<Candidate> asked;
  for (const Candidate& candidate : CandidatesFor(books, first, options)) {
    if (IsRoom(books, first, asked, capacity)) break;
    asked.push_back(candidate);
  }
  if (asked.empty() || !IsRoom(books, first, asked, capacity)) return {};
  // An earlier one may be superfluous now that a larger one has come.
  for (std::size_t i = 0; i < asked.size();) {
    std::vector<Candidate> fewer = asked;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (IsRoom(books, first, fewer, capacity)) {
      asked = std::move(fewer);
    } else {
      ++i;
    }
  }
  std::vector<int64_t> works;
  for (const Candidate& candidate : asked) {
    // What the worker would turn to next goes first.
    const auto& hand = candidate.worker->hand;
    works.insert(works.end(), hand.rbegin(), hand.rend());
  }
  return works;
}

}  // namespace

std::vector<AskedBack> AskForRoom(Books& books,
                                  const Executor::Capacity& capacity,
                                  const Queue::Options& options) {
  std::vector<AskedBack> asked;
  if (!MayStart(books)) return asked;
  const int64_t now = options.clock->SteadyUs();
  const Work* const found = FirstInLine(books, capacity, now);
  if (found == nullptr) return asked;
  Work& first = books.works.at(found->id);
  if (!first.blocked_since_steady_us) first.blocked_since_steady_us = now;
  for (const int64_t id : PickTakeBack(books, first)) {
    asked.push_back({id, absl::StrCat("taken back for users/", first.owner)});
  }
  const auto room = PickRoom(books, first, capacity, options);
  if (room.empty()) return asked;
  books.room = {first.id, now + options.room_limit_us};
  for (const int64_t id : room) {
    asked.push_back({id, absl::StrCat("preempted for users/", first.owner)});
  }
  return asked;
}

}  // namespace engram
