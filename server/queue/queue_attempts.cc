// What becomes of an attempt, as transactions: it is given to a worker, begins,
// records, ends, or is lost.
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/queue/claim_evaluation.h"
#include "server/queue/move_run.h"
#include "server/queue/queue_impl.h"
#include "server/queue/record_store.h"
#include "server/queue/run_inputs.h"
#include "server/store/attempt_table.h"
#include "server/store/verification_table.h"

namespace engram {
namespace {

using store::Transaction;

store::AttemptRow RowOf(const AttemptRecord& attempt, int64_t now_us) {
  const int64_t begun_us = attempt.begun_us->now;
  return {.run = attempt.key,
          .number = attempt.number,
          .worker = attempt.worker_name,
          .host = attempt.host,
          .build = attempt.build,
          .fencing_token = attempt.token,
          .start_time_us = begun_us > 0 ? begun_us : now_us,
          .end_time_us = std::nullopt,
          .end_state = "",
          .error_reason = "",
          .error_message = "",
          .cpu_seconds = 0,
          .peak_memory_bytes = 0,
          .resumed_tick = attempt.resumed ? attempt.resumed->tick : 0,
          .resumed_item = attempt.resumed ? attempt.resumed->item_count : 0};
}

void EndAttempt(Transaction& transaction, const AttemptRecord& attempt,
                RunState end, const RunFault& fault, double cpu_seconds,
                int64_t peak_memory_bytes, int64_t length_us, int64_t now_us) {
  store::AttemptRow row = RowOf(attempt, now_us);
  // So that the two times differ by how long it took, whatever became of the
  // machine's clock: a time limit is counted from them after a restart.
  row.end_time_us = row.start_time_us + length_us;
  row.end_state = std::string(RunStateName(end));
  row.error_reason = fault.reason;
  row.error_message = fault.message;
  row.cpu_seconds = cpu_seconds;
  row.peak_memory_bytes = peak_memory_bytes;
  store::StoreAttempt(transaction, row, now_us);
  store::AddUse(transaction, attempt.key, cpu_seconds, length_us);
}

std::string ReasonOf(const FinishedReport& report) {
  switch (report.state) {
    case RunState::kSucceeded:
      return "came to its end";
    case RunState::kTimedOut:
      return "its time limit passed";
    case RunState::kCancelled:
      return "stopped as asked";
    default:
      return absl::StrCat("failed: ", report.fault.reason);
  }
}

// What a worker reports about an attempt that cannot have ended so.
FinishedReport Checked(FinishedReport report, const AttemptRecord& attempt) {
  // Cancelled while it yielded.
  if (report.state == RunState::kQueued) report.state = RunState::kCancelled;
  if (report.state != RunState::kSucceeded) return report;
  if (report.item_count != attempt.ordinal->now) {
    report.state = RunState::kFailed;
    report.fault = {
        "INTERNAL",
        absl::StrCat("the attempt recorded ", report.item_count,
                     " items, of which ", attempt.ordinal->now, " arrived")};
  } else if (attempt.comparer &&
             report.item_count < attempt.comparer->stored_count()) {
    report.state = RunState::kFailed;
    report.fault = {"NONDETERMINISTIC",
                    *attempt.comparer->CompareEnd(report.item_count)};
  }
  return report;
}

// What the worker and the comparison need: the tree, and what is stored.
absl::Status Prepare(Transaction& transaction, AttemptRecord& attempt,
                     WorkAssignment& assignment) {
  auto tree = store::ReadTree(transaction, attempt.key);
  if (!tree.ok()) return tree.status();
  assignment.tree_json = *std::move(tree);
  assignment.inputs = InputsOf(transaction, attempt.key, assignment.tree_json);
  // A verification has loaded it before.
  if (attempt.comparer) return absl::OkStatus();
  const int64_t skipped = attempt.resumed ? attempt.resumed->item_count : 0;
  const bool is_recorded =
      store::ReadRun(transaction, attempt.key).stored_ordinal > skipped;
  if (!is_recorded && attempt.verification == 0) return absl::OkStatus();
  auto stored = LoadRecord(transaction, attempt.key, skipped);
  if (!stored.ok()) return stored.status();
  attempt.comparer.emplace(*std::move(stored), skipped);
  return absl::OkStatus();
}

// The same; a promise that what is stored breaks is an error like others.
absl::Status PrepareGuarded(Transaction& transaction, AttemptRecord& attempt,
                            WorkAssignment& assignment) {
  try {
    return Prepare(transaction, attempt, assignment);
  } catch (const ContractViolation& violation) {
    return absl::InternalError(violation.what());
  }
}

}  // namespace

absl::Status Queue::Impl::Start(Transaction& transaction, Change& change,
                                AttemptRecord& attempt,
                                WorkAssignment& assignment, int64_t now_us) {
  const store::RunRow row = store::ReadRun(transaction, attempt.key);
  // Cancelled in the meantime: that change has seen to the books.
  if (StateOf(row) != RunState::kQueued) {
    change.staging.Set(attempt.open, false);
    return absl::OkStatus();
  }
  if (row.stored_ordinal > 0 && row.build != attempt.build) {
    // Another build need not give the same bits: the record starts anew.
    store::ClearRecord(transaction, attempt.key);
  }
  ResumeFromLast(transaction, change, attempt, assignment);
  store::StateChange to;
  to.actor = attempt.worker_name;
  to.reason = "assigned";
  to.now_us = now_us;
  to.fencing_token = attempt.token;
  to.worker = attempt.worker_name;
  auto status = MoveRun(transaction, attempt.key, RunState::kQueued,
                        RunState::kStarting, std::move(to));
  if (!status.ok()) return status;
  status = PrepareGuarded(transaction, attempt, assignment);
  if (status.ok() || !IsFinal(status)) return status;
  const std::string code = absl::StatusCodeToString(status.code());
  return Lose(transaction, change, attempt,
              {.reason = absl::StrCat("failed: ", code),
               .fault = {code, std::string(status.message())},
               .counts = true,
               .repeat = false},
              now_us);
}

absl::Status Queue::Impl::StartVerification(Transaction& transaction,
                                            Change& change,
                                            AttemptRecord& attempt,
                                            WorkAssignment& assignment,
                                            int64_t now_us) {
  const auto row =
      store::FindVerification(transaction, attempt.key, attempt.verification);
  if (row.ok() && !row->current && !row->build.empty() &&
      row->build != attempt.build) {
    return EndVerification(
        transaction, change, attempt, "failed",
        absl::StrCat("build ", row->build.substr(0, 12),
                     ", which executed the run, is not kept any more"),
        "", now_us);
  }
  attempt.is_current = row.ok() && row->current;
  const absl::Status status = PrepareGuarded(transaction, attempt, assignment);
  if (status.ok() || !IsFinal(status)) return status;
  return EndVerification(transaction, change, attempt, "failed",
                         std::string(status.message()), "", now_us);
}

absl::Status Queue::Impl::Begin(Transaction& transaction, Change& change,
                                AttemptRecord& attempt, int64_t now_us) {
  if (attempt.begun_us->now > 0) return absl::OkStatus();
  const int64_t steady_us = options_.clock->SteadyUs();
  change.staging.Set(attempt.begun_us, now_us);
  change.staging.Set(attempt.begun_steady_us, steady_us);
  bool is_running = attempt.verification > 0;
  if (attempt.verification == 0) {
    store::StoreAttempt(transaction, RowOf(attempt, now_us), now_us);
    if (StateOf(store::ReadRun(transaction, attempt.key)) ==
        RunState::kStarting) {
      store::StateChange to;
      to.actor = attempt.worker_name;
      to.reason = "begun";
      to.now_us = now_us;
      to.start_time_us = now_us;
      to.attempt = attempt.number;
      to.build = attempt.build;
      const absl::Status status =
          MoveRun(transaction, attempt.key, RunState::kStarting,
                  RunState::kRunning, std::move(to));
      if (!status.ok()) return status;
      is_running = true;
    }
  }
  change.effects.push_back([id = attempt.work, number = attempt.number, now_us,
                            steady_us, is_running](Books& books) {
    Work* work = books.Find(id);
    if (work == nullptr || !work->in_hand()) return;
    work->has_begun = true;
    work->begun_steady_us = steady_us;
    if (work->verification == 0) work->attempts = number;
    if (!is_running) return;
    work->state = RunState::kRunning;
    work->since_us = now_us;
  });
  return absl::OkStatus();
}

absl::Status Queue::Impl::TakeItems(Transaction& transaction, Change& change,
                                    AttemptRecord& attempt,
                                    const ItemsReport& items, int64_t now_us) {
  if (auto status = Begin(transaction, change, attempt, now_us); !status.ok()) {
    return status;
  }
  if (auto status = FindPlace(transaction, change, attempt, items);
      !status.ok()) {
    return status;
  }
  const auto difference =
      attempt.verification > 0
          ? CompareItems(change.staging, attempt, items)
          : StoreItems(transaction, store_.blobs(), change.staging, attempt,
                       items, now_us);
  if (!difference.ok()) return difference.status();
  if (!*difference) return absl::OkStatus();
  change.effects.push_back([id = attempt.work](Books& books) {
    // The worker is told to stop before the work is forgotten below.
    Work* work = books.Find(id);
    if (work == nullptr || !work->in_hand()) return;
    const auto worker = books.workers.find(work->attempt->worker);
    if (worker == books.workers.end() || worker->second.link == nullptr) return;
    worker->second.link->Stop(work->assignment.key, StopPurpose::kCancel);
  });
  if (attempt.verification > 0) {
    return EndVerification(transaction, change, attempt, "different",
                           **difference, "", now_us);
  }
  return Lose(transaction, change, attempt,
              {.reason = "failed: NONDETERMINISTIC",
               .fault = {"NONDETERMINISTIC", **difference},
               .counts = true,
               .repeat = false},
              now_us);
}

absl::Status Queue::Impl::EndRun(
    Transaction& transaction, Change& change,
    const std::shared_ptr<ExperimentEntry>& experiment, store::RunKey key,
    const store::StateChange& to) {
  const RunState from = *ParseRunState(to.from);
  const RunState end = *ParseRunState(to.to);
  auto status = MoveRun(transaction, key, from, end, to);
  if (!status.ok()) return status;
  store::KeepAtEnd(transaction, key,
                   KeptAtEnd(end, to.error_reason.value_or("")));
  const int64_t open = experiment->open_runs->now - 1;
  change.staging.Set(experiment->open_runs, open);
  change.effects.push_back([key](Books& books) {
    if (Work* work = books.FindRun(key)) books.Remove(work->id);
  });
  if (open > 0) return absl::OkStatus();
  return CloseExperiment(transaction, experiment->key, to.now_us);
}

absl::Status Queue::Impl::Finish(Transaction& transaction, Change& change,
                                 AttemptRecord& attempt,
                                 const FinishedReport& reported,
                                 const std::string& yield_reason,
                                 int64_t now_us) {
  if (attempt.verification > 0) {
    return FinishVerification(transaction, change, attempt, reported, now_us);
  }
  RunState from = StateOf(store::ReadRun(transaction, attempt.key));
  if (from != RunState::kCancelling && reported.state == RunState::kCancelled) {
    // Nobody asked it to stop: its worker gives it up.
    return Lose(transaction, change, attempt,
                {.reason = "handed back by its worker",
                 .fault = {"HANDED_BACK", "its worker stopped the attempt"},
                 .counts = false,
                 .repeat = true},
                now_us);
  }
  if (from != RunState::kCancelling && reported.state == RunState::kQueued) {
    return Yield(transaction, change, attempt, reported, yield_reason, now_us);
  }
  if (reported.fault.reason == "CHECKPOINT" && attempt.resumed) {
    return RefuseCheckpoint(transaction, change, attempt, reported, now_us);
  }
  if (from == RunState::kStarting) {
    auto status = Begin(transaction, change, attempt, now_us);
    if (!status.ok()) return status;
    from = RunState::kRunning;
  }
  const FinishedReport report = Checked(reported, attempt);
  change.staging.Set(attempt.open, false);
  const bool was_begun = attempt.begun_us->now > 0;
  const int64_t length_us = attempt.LengthUs(options_.clock->SteadyUs());
  if (was_begun) {
    EndAttempt(transaction, attempt, report.state, report.fault,
               report.cpu_seconds, report.peak_memory_bytes, length_us, now_us);
  }
  store::StateChange to;
  to.actor = attempt.worker_name;
  to.reason = ReasonOf(report);
  to.from = std::string(RunStateName(from));
  to.to = std::string(RunStateName(report.state));
  to.now_us = now_us;
  if (was_begun) to.attempt = attempt.number;
  to.result_hash =
      report.state == RunState::kSucceeded ? report.result_hash : std::string();
  to.error_reason = report.fault.reason;
  to.error_message = report.fault.message;
  // One that went on from a checkpoint says nothing of the whole length.
  if (was_begun && report.state == RunState::kSucceeded && !attempt.resumed) {
    change.effects.push_back(
        [experiment = attempt.experiment, length_us](Books&) {
          experiment->Measure(static_cast<double>(length_us) / 1e6);
        });
  }
  return EndRun(transaction, change, attempt.experiment, attempt.key, to);
}

absl::Status Queue::Impl::Lose(Transaction& transaction, Change& change,
                               AttemptRecord& attempt, const Loss& loss,
                               int64_t now_us) {
  if (!attempt.open->now) return absl::OkStatus();
  const bool again = loss.repeat && (!loss.counts || attempt.deaths + 1 <
                                                         options_.max_attempts);
  if (attempt.verification > 0 && !again) {
    return EndVerification(
        transaction, change, attempt, "failed",
        absl::StrCat(loss.fault.reason, ": ", loss.fault.message), "", now_us);
  }
  change.staging.Set(attempt.open, false);
  const RunState from = attempt.verification > 0
                            ? RunState::kRunning
                            : StateOf(store::ReadRun(transaction, attempt.key));
  RunState to = again                                     ? RunState::kQueued
                : loss.attempt_end == RunState::kTimedOut ? RunState::kTimedOut
                                                          : RunState::kFailed;
  if (from == RunState::kCancelling && loss.repeat) to = RunState::kCancelled;
  const bool was_begun = attempt.begun_us->now > 0 || loss.counts;
  const int64_t length_us = attempt.LengthUs(options_.clock->SteadyUs());
  if (attempt.verification == 0 && was_begun) {
    const double seconds = static_cast<double>(length_us) / 1e6;
    const AttemptUse use = loss.used.value_or(
        AttemptUse{seconds * attempt.experiment->resources.cpus, 0});
    EndAttempt(transaction, attempt,
               to == RunState::kCancelled ? to : loss.attempt_end, loss.fault,
               use.cpu_seconds, use.peak_memory_bytes, length_us, now_us);
    if (!loss.used) {
      // No report has charged it: who kills workers is not to gain by it.
      change.effects.push_back([this, owner = attempt.experiment->owner,
                                seconds = use.cpu_seconds](Books& books) {
        books.shares.Add(owner, seconds,
                         books.ShareTime(options_.clock->SteadyUs()));
      });
    }
  }
  store::StateChange state;
  state.actor = "server";
  state.reason = loss.reason;
  state.from = std::string(RunStateName(from));
  state.to = std::string(RunStateName(to));
  state.now_us = now_us;
  if (was_begun) state.attempt = attempt.number;
  if (to == RunState::kFailed || to == RunState::kTimedOut) {
    state.error_reason = loss.fault.reason;
    state.error_message = loss.fault.message;
  }
  if (to != RunState::kQueued) {
    return EndRun(transaction, change, attempt.experiment, attempt.key, state);
  }
  std::string pin;
  if (attempt.verification == 0) {
    auto status = MoveRun(transaction, attempt.key, from, to, state);
    if (!status.ok()) return status;
    pin = BuildToGoOnWith(transaction, attempt.key);
  }
  change.effects.push_back([id = attempt.work, now_us, counts = loss.counts,
                            was_begun, length_us, number = attempt.number,
                            pin](Books& books) {
    Work* work = books.Find(id);
    if (work == nullptr) return;
    work->since_us = now_us;
    if (counts) ++work->deaths;
    if (was_begun && work->verification == 0) work->attempts = number;
    work->used_us += length_us;
    if (work->verification == 0) books.Pin(*work, pin);
    books.TakeBack(*work);
  });
  return absl::OkStatus();
}

}  // namespace engram
