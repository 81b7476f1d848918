#include "server/queue/expected_start.h"

#include <algorithm>
#include <map>
#include <queue>
#include <string>
#include <vector>

#include "server/queue/room.h"

namespace engram {
namespace {

// Seconds until a run in hand ends; nothing if that is not known.
std::optional<double> Remaining(const Work& work, int64_t steady_us) {
  if (work.progress && work.progress->remaining_us) {
    return static_cast<double>(*work.progress->remaining_us) / 1e6;
  }
  const double expected = work.experiment->expected_seconds;
  if (expected <= 0) return std::nullopt;
  if (!work.has_begun) return expected;
  return std::max(
      0.0,
      expected - static_cast<double>(steady_us - work.begun_steady_us) / 1e6);
}

// What is at work and what starts after it, played forward.
class Course {
 public:
  Course(const Books& books, const Executor::Capacity& capacity)
      : books_(books), capacity_(capacity), in_use_(InUse(books)) {}

  // False when an end is not known.
  bool TakeHands(int64_t steady_us) {
    for (const auto& [number, worker] : books_.workers) {
      if (worker.link != nullptr && worker.hand.empty()) ++idle_;
      double at = 0;
      for (const int64_t id : worker.hand) {
        const Work& work = books_.works.at(id);
        const auto remaining = Remaining(work, steady_us);
        if (!remaining) return false;
        at += *remaining;
        ++held_[work.owner];
        const bool is_last = id == worker.hand.back();
        ends_.push({at, work.owner,
                    is_last ? PlaceOf(books_, worker)
                            : Executor::Capacity{.cpus = 0, .memory_bytes = 0},
                    is_last});
      }
    }
    return true;
  }

  // When it starts; nothing when it never does.
  std::optional<double> Start(const Work& work) {
    const RunResources& needs = work.experiment->resources;
    while (idle_ == 0 || !Fits(needs, in_use_, capacity_) ||
           IsAtLimit(work.owner)) {
      if (ends_.empty()) return std::nullopt;
      const End end = ends_.top();
      ends_.pop();
      now_ = end.at;
      --held_[end.owner];
      in_use_.cpus -= end.place.cpus;
      in_use_.memory_bytes -= end.place.memory_bytes;
      idle_ += end.is_worker_free;
    }
    --idle_;
    ++held_[work.owner];
    in_use_.cpus += needs.cpus;
    in_use_.memory_bytes += needs.memory_bytes;
    ends_.push({now_ + work.experiment->expected_seconds,
                work.owner,
                {.cpus = needs.cpus, .memory_bytes = needs.memory_bytes},
                true});
    return now_;
  }

 private:
  struct End {
    double at;
    std::string owner;
    Executor::Capacity place;
    bool is_worker_free;
    bool operator>(const End& other) const { return at > other.at; }
  };

  bool IsAtLimit(const std::string& owner) {
    const auto quota = books_.quotas.find(owner);
    return quota != books_.quotas.end() && quota->second.running_runs > 0 &&
           held_[owner] >= quota->second.running_runs;
  }

  const Books& books_;
  const Executor::Capacity capacity_;
  Executor::Capacity in_use_;
  int idle_ = 0;
  double now_ = 0;
  std::map<std::string, int64_t> held_;
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
};

}  // namespace

std::optional<double> ExpectedWait(const Books& books, const Work& work,
                                   const Executor::Capacity& capacity,
                                   int64_t steady_us) {
  if (!CouldStart(books, work, capacity)) return std::nullopt;
  Course course(books, capacity);
  if (!course.TakeHands(steady_us)) return std::nullopt;
  auto walk = books.Order(steady_us);
  while (const WaitingRun* next = walk.Next()) {
    const Work& other = books.works.at(next->id);
    if (other.id == work.id) return course.Start(other);
    // Those of an owner at his limit stand back for everybody else.
    if (other.owner != work.owner && IsAtRunningLimit(books, other.owner)) {
      walk.Skip(other.owner);
      continue;
    }
    if (!CouldStart(books, other, capacity)) continue;
    if (other.experiment->expected_seconds <= 0) return std::nullopt;
    course.Start(other);
  }
  return std::nullopt;
}

}  // namespace engram
