#include "server/queue/books.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"

namespace engram {
namespace {

// A run of which nothing is known counts as a minute.
constexpr double kUnknownSeconds = 60;
// Far more than can be attaching at the moment they end.
constexpr std::size_t kMostEndedWorkers = 10'000;
// So that even the shortest runs make users alternate.
constexpr double kLeastCharge = 0.001;

}  // namespace

double ExperimentEntry::Charge() const {
  const double seconds =
      expected_seconds > 0 ? expected_seconds : kUnknownSeconds;
  return std::max(kLeastCharge, seconds * resources.cpus);
}

void ExperimentEntry::Measure(double seconds) {
  ++measured_runs;
  if (measured_runs == 1) expected_seconds = 0;  // the guess goes
  // The mean of all at first, then one that follows what changes.
  const double weight =
      1.0 / static_cast<double>(std::min<int64_t>(measured_runs, 20));
  expected_seconds += weight * (seconds - expected_seconds);
}

double Work::CpuSeconds(int64_t steady_us) const {
  if (!has_begun) return 0;
  return static_cast<double>(steady_us - begun_steady_us) / 1e6 *
         experiment->resources.cpus;
}

std::string WorkerEntry::Name() const {
  return absl::StrCat("workers/", number);
}

Work& Books::Add(Work work) {
  work.id = ++last_work_;
  if (work.verification == 0) {
    ENGRAM_EXPECT(work_of_run.emplace(work.key, work.id).second);
    ++work.experiment->known_open_runs;
  }
  Work& added = works.emplace(work.id, std::move(work)).first->second;
  if (!added.build.empty()) ++pinned_[added.build];
  Wait(added);
  return added;
}

Work* Books::Find(int64_t id) {
  const auto it = works.find(id);
  return it == works.end() ? nullptr : &it->second;
}

Work* Books::FindRun(store::RunKey key) {
  const auto it = work_of_run.find(key);
  return it == work_of_run.end() ? nullptr : Find(it->second);
}

void Books::Pin(Work& work, const std::string& build) {
  if (!work.build.empty() && --pinned_[work.build] == 0) {
    pinned_.erase(work.build);
  }
  work.build = build;
  if (!build.empty()) ++pinned_[build];
}

std::set<std::string> Books::PinnedBuilds() const {
  std::set<std::string> builds;
  for (const auto& [build, count] : pinned_) builds.insert(build);
  return builds;
}

bool Books::IsHeldBack(const ExperimentEntry& experiment) const {
  if (experiment.after.empty()) return false;
  const auto it = experiments.find(experiment.after);
  return it != experiments.end() && it->second->known_open_runs > 0;
}

void Books::EndWorker(int64_t number) {
  ended_workers.insert(number);
  if (ended_workers.size() > kMostEndedWorkers) {
    ended_workers.erase(ended_workers.begin());  // numbers rise
  }
}

std::map<int64_t, WorkerEntry>::iterator Books::Dismiss(
    std::map<int64_t, WorkerEntry>::iterator worker) {
  EndWorker(worker->first);
  return workers.erase(worker);
}

void Books::Wait(Work& work) {
  work.state = RunState::kQueued;
  ++queued_[work.owner];
  const ExperimentEntry& experiment = *work.experiment;
  if (work.verification == 0 && IsHeldBack(experiment)) {
    in_line_[work.id] = false;
    held_back_[experiment.after].insert(work.id);
    return;
  }
  in_line_[work.id] = true;
  line.Add({.id = work.id,
            .owner = work.owner,
            .urgent = experiment.urgent,
            .priority = experiment.priority,
            .age = store::Int(experiment.key),
            .point = work.run.point,
            .charge = experiment.Charge()});
}

void Books::Release(Work& work) {
  if (const auto it = in_line_.find(work.id); it != in_line_.end()) {
    if (it->second) {
      line.Remove(work.id);
    } else {
      held_back_[work.experiment->after].erase(work.id);
    }
    in_line_.erase(it);
    --queued_[work.owner];
  }
  if (!work.in_hand()) return;
  const auto worker = workers.find(work.attempt->worker);
  if (worker != workers.end()) std::erase(worker->second.hand, work.id);
  attempts.erase(work.attempt->token);
  work.attempt.reset();
  work.assignment = {};
  work.is_ready = work.is_sent = work.has_begun = work.is_overdue = false;
  work.begun_steady_us = work.kill_steady_us = 0;
  work.yield_reason.clear();
  work.progress.reset();
}

void Books::Give(Work& work, WorkerEntry& worker) {
  Release(work);
  work.blocked_since_steady_us.reset();
  if (room.work == work.id) room = {};
  work.attempt = std::make_shared<AttemptRecord>(
      AttemptRecord{.work = work.id,
                    .run = work.run,
                    .key = work.key,
                    .verification = work.verification,
                    .number = work.attempts + 1,
                    .token = ++last_token,
                    .worker = worker.number,
                    .worker_name = worker.Name(),
                    .host = worker.facts.host,
                    .build = worker.facts.build,
                    .deaths = work.deaths,
                    .experiment = work.experiment});
  worker.hand.push_back(work.id);
  attempts[work.attempt->token] = work.attempt;
}

void Books::TakeBack(Work& work) {
  Release(work);
  Wait(work);
}

void Books::Remove(int64_t id) {
  Work* work = Find(id);
  ENGRAM_EXPECT(work != nullptr);
  Release(*work);
  Pin(*work, "");
  const auto experiment = work->experiment;
  const bool is_run = work->verification == 0;
  if (is_run) work_of_run.erase(work->key);
  works.erase(id);
  if (is_run) RunEnded(*experiment);
}

void Books::RunEnded(ExperimentEntry& experiment) {
  if (--experiment.known_open_runs > 0) return;
  const auto waiting = held_back_.extract(experiment.id);
  if (waiting.empty()) return;
  for (const int64_t id : waiting.mapped()) {
    Work& work = works.at(id);
    in_line_.erase(id);
    --queued_[work.owner];
    Wait(work);
  }
}

int64_t Books::QueuedOf(absl::string_view owner) const {
  const auto it = queued_.find(std::string(owner));
  return it == queued_.end() ? 0 : it->second;
}

int64_t Books::HeldOf(absl::string_view owner) const {
  int64_t count = 0;
  for (const auto& [number, worker] : workers) {
    count +=
        std::count_if(worker.hand.begin(), worker.hand.end(),
                      [&](int64_t id) { return works.at(id).owner == owner; });
  }
  return count;
}

template <class Charge>
double Books::SumOf(absl::string_view owner, int64_t steady_us,
                    const Charge& charge) const {
  double sum = shares.At(owner, ShareTime(steady_us));
  for (const auto& [number, worker] : workers) {
    for (const int64_t id : worker.hand) {
      const Work& work = works.at(id);
      if (work.owner == owner) sum += charge(work);
    }
  }
  return sum;
}

double Books::UsedBy(absl::string_view owner, int64_t steady_us) const {
  return SumOf(owner, steady_us,
               [&](const Work& work) { return work.CpuSeconds(steady_us); });
}

double Books::ShareOf(absl::string_view owner, int64_t steady_us) const {
  return SumOf(owner, steady_us, [&](const Work& work) {
    return std::max(work.experiment->Charge(), work.CpuSeconds(steady_us));
  });
}

WaitingLine::Walk Books::Order(int64_t steady_us) const {
  return line.Begin(
      [&](absl::string_view owner) { return ShareOf(owner, steady_us); });
}

}  // namespace engram
