// The queue from what is stored, when a server starts.
#include <algorithm>
#include <utility>

#include "absl/strings/strip.h"
#include "server/queue/claim_evaluation.h"
#include "server/queue/move_run.h"
#include "server/queue/queue_impl.h"
#include "server/store/attempt_table.h"
#include "server/store/setting_table.h"
#include "server/store/user_table.h"
#include "server/store/verification_table.h"

namespace engram {
namespace {

using store::Transaction;

const std::vector<std::string> kHeldStates = {"starting", "running",
                                              "cancelling"};
const std::vector<std::string> kOpenStates = {"queued", "starting", "running",
                                              "cancelling"};

// Of runs whose worker has ended with the server, or while none was there.
absl::Status TakeBackHeld(Transaction& transaction, const store::RunRow& row,
                          int64_t now_us) {
  const RunState from = StateOf(row);
  const RunState to =
      from == RunState::kCancelling ? RunState::kCancelled : RunState::kQueued;
  const int64_t stored_us =
      std::min(now_us, store::LastStoredUs(transaction, row.key));
  for (store::AttemptRow attempt : store::ReadAttempts(transaction, row.key)) {
    if (attempt.end_time_us) continue;
    // When the server was down nothing ran: the last that is known of it is
    // what it stored, by a clock that may have been set back since.
    attempt.end_time_us = std::max(attempt.start_time_us, stored_us);
    attempt.end_state = to == RunState::kCancelled ? "cancelled" : "failed";
    attempt.error_reason = "SERVER_RESTARTED";
    attempt.error_message = "its worker has ended, and no server was there";
    store::StoreAttempt(transaction, attempt, now_us);
  }
  store::StateChange change;
  change.actor = "server";
  change.reason = "server restarted";
  change.now_us = now_us;
  return MoveRun(transaction, row.key, from, to, std::move(change));
}

// Deaths of workers and time used since a user queued the run: told apart by
// the attempts' numbers, for a clock may have been set meanwhile.
void CountAttempts(store::Reader& reader, Work& work) {
  int before = 0, newest = 0;
  for (const auto& transition : store::ReadTransitions(reader, work.key)) {
    newest = std::max(newest, transition.attempt);
    if (transition.to == "queued" && transition.actor.starts_with("users/")) {
      before = newest;
    }
  }
  for (const auto& attempt : store::ReadAttempts(reader, work.key)) {
    if (attempt.number <= before) continue;
    if (attempt.error_reason == "WORKER_DIED") ++work.deaths;
    work.used_us += attempt.end_time_us.value_or(attempt.start_time_us) -
                    attempt.start_time_us;
  }
}

}  // namespace

absl::Status Queue::Impl::TakeBackLost(Transaction& transaction,
                                       const std::set<int64_t>& living) const {
  const int64_t now_us = options_.clock->NowUs();
  for (const auto key : store::OpenExperiments(transaction)) {
    for (const auto& row : store::ReadRuns(transaction, key, kHeldStates)) {
      if (living.contains(WorkerNumber(row.worker))) continue;
      auto status = TakeBackHeld(transaction, row, now_us);
      if (!status.ok()) return status;
    }
    if (!store::ReadRuns(transaction, key, kOpenStates).empty()) continue;
    auto status = CloseExperiment(transaction, key, now_us);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Queue::Impl::Load() {
  if (auto status = LoadWorkers(); !status.ok()) return status;
  std::set<int64_t> living;
  {
    MutexLock lock(mu_);
    for (const auto& [number, worker] : books_.workers) living.insert(number);
  }
  const absl::Status taken_back = store_.Write([&](Transaction& transaction) {
    return TakeBackLost(transaction, living);
  });
  if (!taken_back.ok()) return taken_back;
  return store_.Read([this](store::Reader& reader) {
    LoadUsers(reader);
    for (const auto key : store::OpenExperiments(reader)) {
      LoadExperiment(reader, key);
    }
    for (const auto& row : store::PendingVerifications(reader)) {
      LoadVerification(reader, row);
    }
    MutexLock lock(mu_);
    SortHands(books_);
    return absl::OkStatus();
  });
}

void Queue::Impl::LoadUsers(store::Reader& reader) {
  const auto users = store::ReadUsers(reader);
  const auto usage = store::ReadUsage(reader);
  const int64_t token = store::LastFencingToken(reader);
  const bool draining =
      store::ReadSetting(reader, "draining").value_or("") == "true";
  const int64_t now_us = options_.clock->NowUs();
  MutexLock lock(mu_);
  books_.share_epoch_us = now_us - options_.clock->SteadyUs();
  for (const auto& user : users) books_.quotas[user.name] = user.quota;
  for (const auto& row : usage) {
    books_.shares.Load(row.user, {row.cpu_seconds, row.as_of_us}, now_us);
  }
  books_.last_token = token;
  books_.is_draining = draining;
}

void Queue::Impl::LoadExperiment(store::Reader& reader,
                                 store::ExperimentKey key) {
  const auto entry = EntryOf(reader, key);
  const auto rows = store::ReadRuns(reader, key, kOpenStates);
  // Nothing is written yet: both threads may touch it.
  *entry->open_runs = Staged<int64_t>(std::ssize(rows));
  for (const store::RunRow& row : rows) {
    Work work;
    work.experiment = entry;
    work.run = {row.experiment_id, row.point};
    work.key = row.key;
    work.owner = entry->owner;
    work.since_us = row.state_time_us;
    work.attempts = row.attempt;
    if (row.attempt > 0) {
      CountAttempts(reader, work);
      work.build = BuildToGoOnWith(reader, row.key);
    }
    if (StateOf(row) != RunState::kQueued) {
      TakeOver(reader, row, std::move(work));
    } else {
      MutexLock lock(mu_);
      books_.Add(std::move(work));
    }
    MutexLock lock(mu_);
    books_.last_token = std::max(books_.last_token, row.fencing_token);
  }
}

void Queue::Impl::LoadVerification(store::Reader& reader,
                                   const store::VerificationRow& row) {
  const store::RunRow run = store::ReadRun(reader, row.run);
  Work work;
  work.experiment = EntryOf(reader, run.experiment);
  work.run = {run.experiment_id, run.point};
  work.key = row.run;
  work.verification = row.number;
  work.owner = std::string(absl::StripPrefix(row.actor, "users/"));
  work.since_us = row.create_time_us;
  work.build = PinOf(row);
  MutexLock lock(mu_);
  books_.Add(std::move(work));
}

int64_t Queue::Impl::Drain(bool drain) {
  int64_t at_work = 0;
  {
    MutexLock lock(mu_);
    books_.is_draining = drain;
    for (const auto& [id, work] : books_.works) at_work += IsHeld(work.state);
    Schedule(books_);
  }
  Commit(
      [drain](Transaction& transaction, Change&) {
        store::StoreSetting(transaction, "draining", drain ? "true" : "false");
        return absl::OkStatus();
      },
      [](Books&, const absl::Status&) {});
  return at_work;
}

}  // namespace engram
