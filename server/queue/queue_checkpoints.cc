// Saved states of runs: what is kept of them, how an attempt goes on from one,
// and how a running attempt is asked to leave one behind.
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/queue/queue_impl.h"
#include "server/queue/record_store.h"
#include "server/queue/stored_item.h"
#include "server/store/checkpoint_table.h"
#include "server/store/log_table.h"

namespace engram {

using store::Transaction;

store::KeptState KeptAtEnd(RunState end, absl::string_view fault) {
  if (end == RunState::kSucceeded) return store::KeptState::kFinal;
  // What would fail again the same way is not worth its bytes.
  const bool would_fail_again =
      fault == "DIVERGED" || fault == "INVALID" || fault == "NONDETERMINISTIC";
  return would_fail_again ? store::KeptState::kNone : store::KeptState::kLast;
}

absl::Status Queue::Impl::TakeCheckpoint(Transaction& transaction,
                                         Change& change, AttemptRecord& attempt,
                                         const CheckpointReport& report,
                                         int64_t now_us) {
  if (attempt.verification > 0) return absl::OkStatus();
  auto status = Begin(transaction, change, attempt, now_us);
  if (!status.ok()) return status;
  const SavedState& state = report.state;
  if (state.item_count > attempt.ordinal->now) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a checkpoint counts ", state.item_count, " items, of which ",
        attempt.ordinal->now, " have arrived; it comes after all of them"));
  }
  status = CheckChunks(store_.blobs(), state.manifest);
  if (!status.ok()) return status;
  store::StoreCheckpoint(transaction, {.run = attempt.key,
                                       .is_final = report.is_final,
                                       .tick = state.tick,
                                       .item_count = state.item_count,
                                       .attempt = attempt.number,
                                       .build = attempt.build,
                                       .time_us = now_us,
                                       .stood_still_us = report.stood_still_us,
                                       .manifest = ToStored(state.manifest)});
  return absl::OkStatus();
}

void Queue::Impl::ResumeFromLast(Transaction& transaction, Change& change,
                                 AttemptRecord& attempt,
                                 WorkAssignment& assignment) {
  const auto checkpoints = store::ReadCheckpoints(transaction, attempt.key);
  if (checkpoints.empty()) return;
  const store::CheckpointRow& last = checkpoints.front();
  if (last.build != attempt.build) {
    // Another build cannot be expected to read it, nor to give the same bits.
    store::KeepAtEnd(transaction, attempt.key, store::KeptState::kNone);
    return;
  }
  assignment.resume =
      SavedState{FromStored(last.manifest), last.tick, last.item_count};
  attempt.resumed = ResumePoint{last.tick, last.item_count};
  change.staging.Set(attempt.ordinal, last.item_count);
}

absl::Status Queue::Impl::MayGoOn(store::Reader& reader,
                                  const store::RunRow& row) {
  const std::string name = RunName{row.experiment_id, row.point}.Short();
  const auto checkpoints = store::ReadCheckpoints(reader, row.key);
  if (checkpoints.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(name,
                     " has left no checkpoint to continue from; `retry` "
                     "starts it from the beginning"));
  }
  const std::string& build = checkpoints.front().build;
  if (CanStart(build)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      name, " was saved at tick ", checkpoints.front().tick, " by build ",
      build.substr(0, 12), ", which is not kept any more (this server has ",
      options_.build.substr(0, 12), "); `retry` starts it from the beginning"));
}

std::string Queue::Impl::BuildToGoOnWith(store::Reader& reader,
                                         store::RunKey run) {
  if (options_.build.empty()) return "";
  const auto checkpoints = store::ReadCheckpoints(reader, run);
  if (checkpoints.empty()) return "";
  const std::string& build = checkpoints.front().build;
  return build != options_.build && CanStart(build) ? build : "";
}

absl::Status Queue::Impl::RefuseCheckpoint(Transaction& transaction,
                                           Change& change,
                                           AttemptRecord& attempt,
                                           const FinishedReport& report,
                                           int64_t now_us) {
  const int64_t tick = attempt.resumed->tick;
  store::DropCheckpointsFrom(transaction, attempt.key, tick);
  const auto left = store::ReadCheckpoints(transaction, attempt.key);
  const std::string next =
      left.empty() ? "it begins at the start again"
                   : absl::StrCat("it goes on from tick ", left.front().tick);
  store::AppendLog(transaction, attempt.key,
                   {.number = 0,
                    .time_us = now_us,
                    .attempt = attempt.number,
                    .level = "warning",
                    .text = absl::StrCat("the checkpoint of tick ", tick,
                                         " cannot be used: ",
                                         report.fault.message, "; ", next)});
  return Lose(
      transaction, change, attempt,
      {.reason =
           absl::StrCat("checkpoint of tick ", tick, " cannot be used; ", next),
       .fault = report.fault,
       .counts = false,
       .repeat = true,
       .used = AttemptUse{report.cpu_seconds, report.peak_memory_bytes}},
      now_us);
}

absl::Status Queue::Impl::Yield(Transaction& transaction, Change& change,
                                AttemptRecord& attempt,
                                const FinishedReport& report,
                                const std::string& reason, int64_t now_us) {
  return Lose(
      transaction, change, attempt,
      {.reason = reason.empty() ? "yielded" : reason,
       .fault = {"YIELDED", reason.empty() ? "saved its state" : reason},
       .counts = false,
       .repeat = true,
       .attempt_end = RunState::kQueued,
       .used = AttemptUse{report.cpu_seconds, report.peak_memory_bytes}},
      now_us);
}

void Queue::Impl::AskToYield(Work& work, Books& books,
                             const std::string& reason) {
  if (!work.in_hand() || work.state == RunState::kCancelling ||
      !work.yield_reason.empty()) {
    return;
  }
  work.yield_reason = reason.empty() ? "asked to yield" : reason;
  work.kill_steady_us = options_.clock->SteadyUs() + options_.yield_grace_us;
  // One on its way into the store is sent and stopped when it is there.
  if (!work.is_ready) return;
  const auto worker = books.workers.find(work.attempt->worker);
  if (!work.is_sent) {
    LoseLater(work.attempt, {.reason = work.yield_reason,
                             .fault = {"YIELDED", work.yield_reason},
                             .counts = false,
                             .repeat = true});
  } else if (worker != books.workers.end() && worker->second.link != nullptr) {
    worker->second.link->Stop(work.assignment.key, StopPurpose::kYield);
  }
}

}  // namespace engram
