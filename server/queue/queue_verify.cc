// Verifications: a stored run executed again, compared, and nothing stored but
// the outcome.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/queue/move_run.h"
#include "server/queue/queue_impl.h"
#include "server/queue/value_comparison.h"
#include "server/store/experiment_table.h"
#include "server/store/verification_table.h"

namespace engram {
namespace {

// Nothing to compare is no agreement.
bool AreClose(const std::vector<ComparedValue>& values) {
  return !values.empty() && std::all_of(values.begin(), values.end(),
                                        [](const ComparedValue& value) {
                                          return value.IsClose();
                                        });
}

void StoreComparison(store::Transaction& transaction,
                     const AttemptRecord& attempt,
                     const std::vector<ComparedValue>& values) {
  auto row =
      store::FindVerification(transaction, attempt.key, attempt.verification);
  if (!row.ok()) return;  // its experiment was deleted
  row->comparison.set_tolerance(kCloseTolerance);
  for (const ComparedValue& value : values) {
    auto& stored = *row->comparison.add_values();
    stored.set_name(value.name);
    stored.set_unit(value.unit);
    if (value.stored) stored.set_stored(*value.stored);
    if (value.now) stored.set_now(*value.now);
    if (value.relative_difference) {
      stored.set_relative_difference(*value.relative_difference);
    }
    stored.set_is_close(value.IsClose());
  }
  store::UpdateVerification(transaction, *row);
}

}  // namespace

absl::StatusOr<VerifyOutcome> Queue::Impl::Verify(
    const RunName& run, bool current, absl::string_view actor,
    const SameCommit<VerifyOutcome>& also) {
  VerifyOutcome made;
  const std::string who(actor);
  const absl::Status status =
      CommitAndWait([&](store::Transaction& transaction, Change& change) {
        const auto experiment =
            store::FindExperiment(transaction, run.experiment);
        if (!experiment.ok()) return experiment.status();
        const auto key = store::FindRun(transaction, *experiment, run.point);
        if (!key.ok()) return key.status();
        const store::RunRow row = store::ReadRun(transaction, *key);
        const RunName name{row.experiment_id, row.point};
        if (StateOf(row) != RunState::kSucceeded) {
          return absl::FailedPreconditionError(absl::StrCat(
              name.Short(), " is ", row.state,
              "; only a run that succeeded has results to compare with"));
        }
        if (!current && !CanStart(row.build)) {
          return absl::FailedPreconditionError(absl::StrCat(
              name.Short(), " was executed by build ", row.build.substr(0, 12),
              ", which is not kept any more (this server has ",
              options_.build.substr(0, 12),
              "); with --current today's build is compared"));
        }
        store::VerificationRow verification;
        verification.run = *key;
        verification.build = current ? options_.build : row.build;
        verification.current = current;
        verification.actor = who;
        verification.create_time_us = options_.clock->NowUs();
        made = {.run = name,
                .number = store::InsertVerification(transaction, verification),
                .create_us = verification.create_time_us};
        Work work;
        work.experiment = EntryOf(transaction, *experiment);
        work.run = name;
        work.key = *key;
        work.verification = static_cast<int>(made.number);
        work.owner = std::string(absl::StripPrefix(who, "users/"));
        work.since_us = made.create_us;
        work.build = PinOf(verification);
        change.effects.push_back(
            [work = std::move(work)](Books& books) { books.Add(work); });
        return also ? also(transaction, made) : absl::OkStatus();
      });
  if (!status.ok()) return status;
  return made;
}

std::string Queue::Impl::PinOf(const store::VerificationRow& row) const {
  return row.current || row.build == options_.build ? "" : row.build;
}

absl::Status Queue::Impl::FinishVerification(store::Transaction& transaction,
                                             Change& change,
                                             AttemptRecord& attempt,
                                             const FinishedReport& report,
                                             int64_t now_us) {
  if (report.state == RunState::kCancelled ||
      report.state == RunState::kQueued) {
    return Lose(transaction, change, attempt,
                {.reason = "handed back by its worker",
                 .fault = {"HANDED_BACK", "its worker stopped the attempt"},
                 .counts = false,
                 .repeat = true},
                now_us);
  }
  if (report.state != RunState::kSucceeded) {
    return EndVerification(
        transaction, change, attempt, "failed",
        absl::StrCat(RunStateName(report.state), ": ", report.fault.reason, " ",
                     report.fault.message),
        "", now_us);
  }
  std::string difference = attempt.first_difference;
  if (difference.empty()) {
    difference = attempt.comparer->CompareEnd(report.item_count).value_or("");
  }
  const std::string stored =
      store::ReadRun(transaction, attempt.key).result_hash;
  if (difference.empty() && report.result_hash != stored) {
    difference = absl::StrCat("result hash: stored ", stored, ", now ",
                              report.result_hash);
  }
  std::string outcome = difference.empty() ? "equal" : "different";
  if (attempt.is_current) {
    const auto values = CompareValues(
        store::ReadSummary(transaction, attempt.key), attempt.found);
    if (!difference.empty() && AreClose(values)) outcome = "close";
    StoreComparison(transaction, attempt, values);
  }
  return EndVerification(transaction, change, attempt, outcome, difference,
                         report.result_hash, now_us);
}

absl::Status Queue::Impl::EndVerification(
    store::Transaction& transaction, Change& change, AttemptRecord& attempt,
    absl::string_view outcome, const std::string& difference,
    const std::string& result_hash, int64_t now_us) {
  change.staging.Set(attempt.open, false);
  change.effects.push_back([id = attempt.work](Books& books) {
    if (books.Find(id) != nullptr) books.Remove(id);
  });
  auto row =
      store::FindVerification(transaction, attempt.key, attempt.verification);
  // Nobody can ask for the outcome any more: the work is forgotten all the
  // same.
  if (absl::IsNotFound(row.status())) return absl::OkStatus();
  if (!row.ok()) return row.status();
  row->outcome = std::string(outcome);
  row->difference = difference;
  row->items_compared = attempt.ordinal->now;
  row->result_hash = result_hash;
  row->build = attempt.build;
  row->end_time_us = now_us;
  store::UpdateVerification(transaction, *row);
  return absl::OkStatus();
}

}  // namespace engram
