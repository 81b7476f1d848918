// What users ask of the queue: submit, cancel, retry, continue.
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/queue/claim_evaluation.h"
#include "server/queue/disk_guard.h"
#include "server/queue/move_run.h"
#include "server/queue/new_experiment.h"
#include "server/queue/queue_impl.h"
#include "server/queue/quota.h"
#include "server/queue/run_inputs.h"

namespace engram {
namespace {

using store::Transaction;

const std::array<std::string, 4> kOpenStates = {"queued", "starting", "running",
                                                "cancelling"};
const std::array<std::string, 3> kRetryStates = {"failed", "cancelled",
                                                 "timed_out"};

std::shared_ptr<ExperimentEntry> MakeEntry(const store::ExperimentRow& row) {
  auto entry = std::make_shared<ExperimentEntry>();
  entry->id = row.id;
  entry->key = row.key;
  entry->owner = row.user;
  entry->priority = row.priority;
  entry->urgent = row.urgent;
  entry->resources = {.cpus = row.resources.cpus,
                      .memory_bytes = row.resources.memory_bytes,
                      .time_s = row.resources.time_us / 1'000'000};
  entry->metrics_every = row.record.metrics_every();
  for (const auto& snapshot : row.record.snapshots()) {
    entry->snapshots[snapshot.path()] = {snapshot.steps().begin(),
                                         snapshot.steps().end()};
  }
  entry->after = row.after;
  entry->create_us = row.create_time_us;
  entry->expected_seconds = row.expected_seconds;
  return entry;
}

// The runs that a call is about: one, or all of an experiment in `states`.
absl::StatusOr<std::vector<store::RunRow>> RunsOf(
    store::Reader& reader, store::ExperimentKey experiment,
    std::optional<int64_t> point, std::span<const std::string> states) {
  if (!point) return store::ReadRuns(reader, experiment, states);
  const auto key = store::FindRun(reader, experiment, *point);
  if (!key.ok()) return key.status();
  return std::vector{store::ReadRun(reader, *key)};
}

Work WorkOf(const store::RunRow& row,
            const std::shared_ptr<ExperimentEntry>& experiment,
            int64_t now_us) {
  Work work;
  work.experiment = experiment;
  work.run = {row.experiment_id, row.point};
  work.key = row.key;
  work.owner = experiment->owner;
  work.since_us = now_us;
  work.attempts = row.attempt;
  return work;
}

absl::Status NotRetried(const store::RunRow& row) {
  const std::string name = RunName{row.experiment_id, row.point}.Short();
  if (row.state == "succeeded") {
    return absl::FailedPreconditionError(absl::StrCat(
        name, " has succeeded, which is final; `verify` executes it again"));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      name, " is ", row.state, " and has not ended; cancel it first, or wait"));
}

// Those of the rows that can be queued again. Of many runs the others are left
// alone; when there are only others, the first of them says why.
absl::StatusOr<std::vector<store::RunRow>> Prepared(
    Transaction& transaction, const std::vector<store::RunRow>& rows,
    const std::function<absl::Status(Transaction&, const store::RunRow&)>&
        prepare) {
  std::vector<store::RunRow> chosen;
  absl::Status first_refusal;
  for (const store::RunRow& row : rows) {
    if (!CanBeRetried(StateOf(row))) return NotRetried(row);
    absl::Status status = prepare(transaction, row);
    if (status.ok()) {
      chosen.push_back(row);
    } else if (first_refusal.ok()) {
      first_refusal = std::move(status);
    }
  }
  if (chosen.empty() && !first_refusal.ok()) return first_refusal;
  return chosen;
}

}  // namespace

std::shared_ptr<ExperimentEntry> Queue::Impl::EntryOf(
    store::Reader& reader, store::ExperimentKey key) {
  const store::ExperimentRow row = store::ReadExperiment(reader, key);
  {
    MutexLock lock(mu_);
    const auto known = books_.experiments.find(row.id);
    if (known != books_.experiments.end()) return known->second;
  }
  const auto made = MakeEntry(row);
  // What a server before this one has seen of them.
  const store::RunLengths lengths = store::LengthsOfRuns(reader, key);
  if (lengths.run_count > 0) {
    made->measured_runs = lengths.run_count;
    made->expected_seconds = lengths.mean_s;
  }
  MutexLock lock(mu_);
  return books_.experiments.emplace(row.id, made).first->second;
}

absl::StatusOr<SubmitOutcome> Queue::Impl::Submit(
    const Submission& submission, const Experiment& experiment,
    const SameCommit<SubmitOutcome>& also) {
  const auto capacity = executor_.capacity();
  if (submission.resources.cpus > capacity.cpus ||
      submission.resources.memory_bytes > capacity.memory_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a run asks for ", submission.resources.cpus, " cpus and ",
                     submission.resources.memory_bytes >> 20,
                     " MiB; this server has ", capacity.cpus, " cpus and ",
                     capacity.memory_bytes >> 20, " MiB: lower `resources`"));
  }
  const int64_t now_us = options_.clock->NowUs();
  NewExperiment made = Expand(submission, experiment, now_us);
  if (auto fits = CheckInputs(made.runs, submission.inputs); !fits.ok()) {
    return fits;
  }
  const absl::Status status = CommitAndWait([&](Transaction& transaction,
                                                Change& change) {
    auto fits = CheckQuota(transaction, submission.owner, made.row.run_count);
    if (!fits.ok()) return fits;
    if (!made.row.after.empty()) {
      const auto after = store::FindExperiment(transaction, made.row.after);
      if (!after.ok()) return after.status();
      made.row.after = EntryOf(transaction, *after)->id;
    }
    const auto key = store::InsertExperiment(transaction, made.row);
    if (!key.ok()) return key.status();
    made.row.key = *key;
    const auto keys = store::InsertRuns(
        transaction, *key, made.runs, made.row.resources,
        absl::StrCat("users/", submission.owner), kSubmitted, now_us);
    store::InsertClaims(transaction, *key, made.claims);
    StoreInputs(transaction, *key, submission.inputs);
    auto entry = MakeEntry(made.row);
    change.staging.Set(entry->open_runs, made.row.run_count);
    change.effects.push_back([entry, keys, now_us](Books& books) {
      books.experiments[entry->id] = entry;
      for (std::size_t i = 0; i < keys.size(); ++i) {
        store::RunRow row;
        row.experiment_id = entry->id;
        row.point = static_cast<int64_t>(i);
        row.key = keys[i];
        books.Add(WorkOf(row, entry, now_us));
      }
    });
    return also ? also(transaction, {made.row.id, now_us}) : absl::OkStatus();
  });
  if (!status.ok()) return status;
  return SubmitOutcome{made.row.id, now_us};
}

absl::Status Queue::Impl::CheckQuota(store::Reader& reader,
                                     absl::string_view owner,
                                     int64_t new_runs) {
  if (options_.disk != nullptr) {
    if (absl::Status space = options_.disk->Admit(); !space.ok()) return space;
  }
  const auto user = store::FindUser(reader, owner);
  if (!user.ok()) return user.status();
  const store::QuotaRow& quota = user->quota;
  QuotaUse use;
  {
    MutexLock lock(mu_);
    books_.quotas[user->name] = quota;
    use.cpu_hours = books_.UsedBy(owner, options_.clock->SteadyUs()) / 3600;
  }
  if (quota.queued_runs > 0) {
    use.waiting_runs = store::QueuedRunsOfUser(reader, owner);
  }
  if (quota.stored_bytes > 0) {
    use.stored_bytes = store::StoredBytesOfUser(reader, owner);
  }
  return engram::CheckQuota(owner, quota, use, new_runs);
}

absl::StatusOr<CountOutcome> Queue::Impl::Cancel(
    absl::string_view experiment, std::optional<int64_t> point,
    absl::string_view actor, absl::string_view reason,
    const SameCommit<CountOutcome>& also) {
  CountOutcome made;
  const int64_t now_us = options_.clock->NowUs();
  const absl::Status status =
      CommitAndWait([&](Transaction& transaction, Change& change) {
        const auto key = store::FindExperiment(transaction, experiment);
        if (!key.ok()) return key.status();
        const auto rows = RunsOf(transaction, *key, point, kOpenStates);
        if (!rows.ok()) return rows.status();
        const auto entry = EntryOf(transaction, *key);
        for (const store::RunRow& row : *rows) {
          const RunState from = StateOf(row);
          if (HasEnded(from) || from == RunState::kCancelling) continue;
          const RunState to = from == RunState::kQueued ? RunState::kCancelled
                                                        : RunState::kCancelling;
          store::StateChange state;
          state.from = row.state;
          state.to = std::string(RunStateName(to));
          state.actor = std::string(actor);
          state.reason = reason.empty() ? "cancelled" : std::string(reason);
          state.now_us = now_us;
          ++made.runs;
          const absl::Status moved =
              to == RunState::kCancelled
                  ? EndRun(transaction, change, entry, row.key, state)
                  : MoveRun(transaction, row.key, from, to, state);
          if (!moved.ok()) return moved;
          if (to == RunState::kCancelled) continue;
          change.effects.push_back([this, run = row.key, now_us](Books& books) {
            if (Work* work = books.FindRun(run))
              AskToStop(*work, books, now_us);
          });
        }
        return also ? also(transaction, made) : absl::OkStatus();
      });
  if (!status.ok()) return status;
  return made;
}

void Queue::Impl::AskToStop(Work& work, Books& books, int64_t now_us) {
  work.state = RunState::kCancelling;
  work.since_us = now_us;
  work.kill_steady_us = options_.clock->SteadyUs() + options_.stop_grace_us;
  if (!work.in_hand() || !work.is_sent) return;
  const auto worker = books.workers.find(work.attempt->worker);
  if (worker == books.workers.end() || worker->second.link == nullptr) return;
  worker->second.link->Stop(work.assignment.key, StopPurpose::kCancel);
}

absl::StatusOr<CountOutcome> Queue::Impl::Retry(
    absl::string_view experiment, std::optional<int64_t> point,
    absl::string_view actor, const SameCommit<CountOutcome>& also) {
  const auto forget = [](Transaction& transaction, const store::RunRow& row) {
    // From the start, whatever was saved.
    store::KeepAtEnd(transaction, row.key, store::KeptState::kNone);
    // What contradicts itself is no record to compare with.
    if (row.error_reason == "NONDETERMINISTIC") {
      store::ClearRecord(transaction, row.key);
    }
    return absl::OkStatus();
  };
  return QueueAgain(experiment, point, actor, kRetried, forget, also);
}

absl::StatusOr<CountOutcome> Queue::Impl::Continue(
    absl::string_view experiment, std::optional<int64_t> point,
    absl::string_view actor, const SameCommit<CountOutcome>& also) {
  const auto check = [this](Transaction& transaction,
                            const store::RunRow& row) {
    return MayGoOn(transaction, row);
  };
  return QueueAgain(experiment, point, actor, kContinued, check, also);
}

absl::StatusOr<CountOutcome> Queue::Impl::QueueAgain(
    absl::string_view experiment, std::optional<int64_t> point,
    absl::string_view actor, absl::string_view reason,
    const Preparation& prepare, const SameCommit<CountOutcome>& also) {
  CountOutcome made;
  const int64_t now_us = options_.clock->NowUs();
  const absl::Status status = CommitAndWait([&](Transaction& transaction,
                                                Change& change) {
    const auto key = store::FindExperiment(transaction, experiment);
    if (!key.ok()) return key.status();
    const auto rows = RunsOf(transaction, *key, point, kRetryStates);
    if (!rows.ok()) return rows.status();
    const auto entry = EntryOf(transaction, *key);
    const auto chosen = Prepared(transaction, *rows, prepare);
    if (!chosen.ok()) return chosen.status();
    if (!chosen->empty()) {
      auto fits = CheckQuota(transaction, entry->owner, std::ssize(*chosen));
      if (!fits.ok()) return fits;
    }
    for (const store::RunRow& row : *chosen) {
      store::StateChange state;
      state.actor = std::string(actor);
      state.reason = std::string(reason);
      state.now_us = now_us;
      state.error_reason = state.error_message = "";
      const absl::Status moved = MoveRun(transaction, row.key, StateOf(row),
                                         RunState::kQueued, std::move(state));
      if (!moved.ok()) return moved;
      ++made.runs;
      Work work = WorkOf(row, entry, now_us);
      work.build = BuildToGoOnWith(transaction, row.key);
      change.effects.push_back(
          [work = std::move(work)](Books& books) { books.Add(work); });
    }
    if (made.runs > 0) {
      if (entry->open_runs->now == 0) {
        ReopenExperiment(transaction, *key, now_us);
      }
      change.staging.Set(entry->open_runs, entry->open_runs->now + made.runs);
    }
    return also ? also(transaction, made) : absl::OkStatus();
  });
  if (!status.ok()) return status;
  return made;
}

}  // namespace engram
