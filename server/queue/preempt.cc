#include "server/queue/preempt.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

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

bool IsHeldInAdvance(const Work& work) {
  return work.is_sent && !work.has_begun && work.yield_reason.empty() &&
         !work.experiment->urgent;
}

// What each user who has runs in hand in advance counts with before them.
std::map<std::string, double> SharesWithoutHeld(const Books& books,
                                                int64_t steady_us) {
  std::map<std::string, double> shares;
  for (const auto& [number, worker] : books.workers) {
    for (std::size_t i = 1; i < worker.hand.size(); ++i) {
      const Work& held = books.works.at(worker.hand[i]);
      if (!IsHeldInAdvance(held)) continue;
      const auto [it, is_new] = shares.emplace(held.owner, 0);
      if (is_new) it->second = books.ShareOf(held.owner, steady_us);
      it->second -= held.experiment->Charge();
    }
  }
  return shares;
}

// Those whose turn would come after that of `first` if they were in the line:
// once they are back, it is still the first, and nothing goes to and fro.
std::vector<int64_t> PickTakeBack(const Books& books, const Work& first,
                                  int64_t steady_us) {
  std::vector<int64_t> back;
  const bool is_urgent = first.experiment->urgent;
  if (!is_urgent && books.HeldOf(first.owner) > 0) return back;
  const std::pair turn(books.ShareOf(first.owner, steady_us), first.owner);
  auto shares = SharesWithoutHeld(books, steady_us);
  for (const auto& [number, worker] : books.workers) {
    for (std::size_t i = 1; i < worker.hand.size(); ++i) {
      const Work& held = books.works.at(worker.hand[i]);
      if (!IsHeldInAdvance(held)) continue;
      double& share = shares.at(held.owner);
      const bool is_later = is_urgent || std::pair(share, held.owner) > turn;
      if (is_later && WorkerTakes(worker, first)) {
        back.push_back(held.id);
      } else {
        share += held.experiment->Charge();
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
  for (const int64_t id : PickTakeBack(books, first, now)) {
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
