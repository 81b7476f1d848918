#include "server/queue/explain.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/queue/pick.h"
#include "server/queue/room.h"

namespace engram {
namespace {

// "first in line", "number 12 in line".
std::string PlaceText(int64_t position) {
  switch (position) {
    case 1:
      return "first in line";
    case 2:
      return "second in line";
    case 3:
      return "third in line";
    default:
      return absl::StrCat("number ", position, " in line");
  }
}

// "40 s", "12 min", "3.5 h".
std::string LengthText(int64_t us) {
  const double seconds = static_cast<double>(std::max<int64_t>(0, us)) / 1e6;
  if (seconds < 99.5) return absl::StrFormat("%.0f s", seconds);
  if (seconds < 99.5 * 60) return absl::StrFormat("%.0f min", seconds / 60);
  return absl::StrFormat("%.1f h", seconds / 3600);
}

// "ada's and bob's runs": whose runs are at work, those with most cpus first.
std::string WhoseRuns(const Books& books) {
  std::map<std::string, int> cpus;
  for (const auto& [number, worker] : books.workers) {
    if (worker.hand.empty()) continue;
    cpus[books.works.at(worker.hand.front()).owner] +=
        PlaceOf(books, worker).cpus;
  }
  std::vector<std::pair<int, std::string>> owners;
  for (const auto& [owner, count] : cpus) owners.emplace_back(-count, owner);
  std::sort(owners.begin(), owners.end());
  constexpr std::size_t kMostNames = 3;
  const std::size_t names = std::min(owners.size(), kMostNames);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < names; ++i) {
    words.push_back(absl::StrCat(owners[i].second, "'s"));
  }
  if (owners.size() > kMostNames) words.push_back("others'");
  return absl::StrCat(absl::StrJoin(words, " and "), " runs");
}

// "needs 3 of 4 cpus, of which 2 are taken by ada's runs".
std::string NeedsText(const Books& books, const Work& work,
                      const Executor::Capacity& capacity) {
  const RunResources& needs = work.experiment->resources;
  const Executor::Capacity in_use = InUse(books);
  if (in_use.cpus == 0) return "starts in a moment";
  if (in_use.cpus + needs.cpus <= capacity.cpus &&
      in_use.memory_bytes + needs.memory_bytes > capacity.memory_bytes) {
    return absl::StrCat("needs ", needs.memory_bytes >> 20, " of ",
                        capacity.memory_bytes >> 20, " MiB, of which ",
                        in_use.memory_bytes >> 20, " are taken by ",
                        WhoseRuns(books));
  }
  if (Fits(needs, in_use, capacity)) {
    return absl::StrCat("every worker that could take it has ",
                        WhoseRuns(books));
  }
  return absl::StrCat("needs ", needs.cpus, " of ", capacity.cpus,
                      " cpus, of which ", in_use.cpus, " are taken by ",
                      WhoseRuns(books));
}

// How the one that stands first comes to its place.
std::string FirstText(const Books& books, const Work& work,
                      const Executor::Capacity& capacity,
                      const Queue::Options& options) {
  std::string text = NeedsText(books, work, capacity);
  const int64_t now = options.clock->SteadyUs();
  if (books.room.work == work.id && now < books.room.until_steady_us) {
    return absl::StrCat(text, "; others were asked to make room for it");
  }
  if (IdleWorkerFor(books, work) == nullptr || !work.blocked_since_steady_us) {
    return text;
  }
  if (IsKeptFor(books, work, options)) {
    return absl::StrCat(text, "; what becomes free is kept for it");
  }
  const int64_t left =
      *work.blocked_since_steady_us + options.pass_limit_us - now;
  return absl::StrCat(text, "; smaller ones pass it for at most ",
                      LengthText(left), " more");
}

// Why another one stands first.
std::string BehindText(const Books& books, const Work& work, const Work& first,
                       const Executor::Capacity& capacity,
                       const Queue::Options& options) {
  if (first.experiment->urgent && !work.experiment->urgent) {
    return absl::StrCat(first.run.Short(), " of ", first.owner,
                        " is urgent and goes first");
  }
  if (IsKeptFor(books, first, options)) {
    return absl::StrCat("what becomes free is kept for ", first.run.Short(),
                        " of ", first.owner, ", which needs ",
                        first.experiment->resources.cpus, " cpus");
  }
  const int64_t now = options.clock->SteadyUs();
  const double used = books.UsedBy(work.owner, now);
  const double less = books.UsedBy(first.owner, now);
  if (work.owner != first.owner && used > less + first.experiment->Charge()) {
    return absl::StrFormat(
        "%s's share this week is used up (%.2f cpu-hours; %s, who goes first, "
        "has used %.2f)",
        work.owner, used / 3600, first.owner, less / 3600);
  }
  return NeedsText(books, work, capacity);
}

std::string HeldBackText(const Books& books, const ExperimentEntry& waiting) {
  const auto it = books.experiments.find(waiting.after);
  const int64_t open =
      it == books.experiments.end() ? 0 : it->second->known_open_runs;
  return absl::StrCat("waits until experiment ", waiting.after, " has ended (",
                      open, open == 1 ? " run" : " runs", " to go)");
}

std::string ProgressText(const LiveProgress& progress) {
  std::string text;
  if (progress.total > 0) {
    absl::StrAppendFormat(&text, ", %.0f %% done",
                          100.0 * static_cast<double>(progress.tick) /
                              static_cast<double>(progress.total));
  }
  if (progress.remaining_us) {
    absl::StrAppend(&text, ", about ", LengthText(*progress.remaining_us),
                    " left");
  }
  return text;
}

}  // namespace

std::string WhyItWaits(const Books& books, const Work& work, int64_t position,
                       const Executor::Capacity& capacity,
                       const Queue::Options& options) {
  const RunResources& needs = work.experiment->resources;
  if (position == 0) return HeldBackText(books, *work.experiment);
  if (!Fits(needs, {.cpus = 0, .memory_bytes = 0}, capacity)) {
    return absl::StrCat("asks for ", needs.cpus, " cpus and ",
                        needs.memory_bytes >> 20, " MiB; this server has ",
                        capacity.cpus, " and ", capacity.memory_bytes >> 20,
                        " MiB: it cannot start here");
  }
  const std::string place = absl::StrCat(PlaceText(position), ": ");
  if (books.is_draining) {
    return absl::StrCat(place, "the server is draining and starts no runs");
  }
  if (books.is_disk_low) {
    return absl::StrCat(place,
                        "the server's disk is nearly full, and no run starts "
                        "until there is space again");
  }
  if (options.clock->SteadyUs() < books.no_start_before_us) {
    return absl::StrCat(place, "no start can be stored: ", books.store_trouble);
  }
  if (IsAtRunningLimit(books, work.owner)) {
    return absl::StrCat(place, work.owner, " has ", books.HeldOf(work.owner),
                        " runs at work, as many as the quota allows");
  }
  const bool has_its_build = std::any_of(
      books.workers.begin(), books.workers.end(),
      [&](const auto& entry) { return IsOfItsBuild(entry.second, work); });
  if (!work.build.empty() && !has_its_build) {
    return absl::StrCat(place, "a worker of its own build, ",
                        work.build.substr(0, 12), ", is being started");
  }
  if (books.workers.empty()) {
    return absl::StrCat(place, "no worker is attached");
  }
  if (!CouldStart(books, work, capacity)) {
    return absl::StrCat(place, "no worker that is attached has ", needs.cpus,
                        " cpus and ", needs.memory_bytes >> 20, " MiB");
  }
  const Work* first = FirstInLine(books, capacity, options.clock->SteadyUs());
  return absl::StrCat(place,
                      first == nullptr || first->id == work.id
                          ? FirstText(books, work, capacity, options)
                          : BehindText(books, work, *first, capacity, options));
}

std::string WhereItIs(const Books& books, const Work& work, int64_t steady_us) {
  if (!work.in_hand()) return "on its way to a worker";
  const std::string& worker = work.attempt->worker_name;
  const auto it = books.workers.find(work.attempt->worker);
  const int64_t present =
      it == books.workers.end() ? work.id : it->second.hand.front();
  switch (work.state) {
    case RunState::kStarting:
      if (present != work.id) {
        return absl::StrCat("given to ", worker, " in advance, which executes ",
                            books.works.at(present).run.Short(), " first");
      }
      return absl::StrCat("given to ", worker, ", which has not yet begun");
    case RunState::kRunning: {
      std::string text = absl::StrCat(
          "executed by ", worker, " for ",
          LengthText(steady_us - work.begun_steady_us), ", attempt ",
          work.attempts,
          work.progress ? ProgressText(*work.progress) : std::string());
      if (!work.yield_reason.empty()) {
        absl::StrAppend(&text,
                        "; asked to save its state: ", work.yield_reason);
      }
      return text;
    }
    case RunState::kCancelling:
      return absl::StrCat("asked to stop; ", worker, " has not yet");
    default:
      return absl::StrCat("on its way to ", worker);
  }
}

}  // namespace engram
