#include "server/queue/claim_evaluation.h"

#include <utility>
#include <vector>

#include "core/spec/claim.h"
#include "server/queue/stored_claim.h"
#include "server/store/claim_table.h"
#include "server/store/experiment_table.h"
#include "server/store/run_table.h"
#include "server/store/series_table.h"
#include "server/store/transaction.h"

namespace engram {
namespace {

// Parameters as the store has them: what a claim's group compares with is made
// plain in the same way.
Value FromPlain(const std::variant<double, std::string>& plain) {
  if (const auto* number = std::get_if<double>(&plain)) return Value(*number);
  return Value(std::get<std::string>(plain));
}

void MakePlain(Claim::Where& where) {
  for (auto& [path, value] : where) value = FromPlain(Plain(value));
}

RunOutcome OutcomeOf(store::Reader& reader, const store::RunRow& run,
                     const std::vector<store::NamedValue>& constants) {
  RunOutcome outcome;
  outcome.succeeded = run.state == "succeeded";
  for (const auto& value : store::ReadVarying(reader, run.key)) {
    outcome.varying.emplace_back(value.name, FromPlain(value.value));
  }
  for (const auto& value : constants) {
    outcome.varying.emplace_back(value.name, FromPlain(value.value));
  }
  for (const auto& series : store::ReadSeriesList(reader, run.key)) {
    if (!series.last) continue;
    auto& last = outcome.values[series.name];
    if (!series.last->is_absent()) last = series.last->value;
  }
  for (const auto& summary : store::ReadSummary(reader, run.key)) {
    auto& value = outcome.values[summary.name];
    value.reset();
    if (!summary.is_absent()) value = summary.value;
  }
  return outcome;
}

std::string OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kHolds:
      return "holds";
    case Outcome::kFails:
      return "fails";
    case Outcome::kUndecided:
      return "undecided";
  }
  return "undecided";
}

void StoreOutcome(store::Transaction& transaction,
                  store::ExperimentKey experiment, store::ClaimRow row,
                  const std::vector<RunOutcome>& runs, int64_t now_us) {
  Claim claim = FromStored(row.definition);
  MakePlain(claim.where);
  MakePlain(claim.against_where);
  const ClaimResult result = Evaluate(claim, runs);
  row.outcome = OutcomeName(result.outcome);
  row.measured = result.measured;
  row.run_count = result.runs;
  row.reason = result.reason;
  store::StoreClaimResult(transaction, experiment, row, now_us);
}

}  // namespace

absl::Status CloseExperiment(store::Transaction& transaction,
                             store::ExperimentKey experiment, int64_t now_us) {
  store::SetExperimentEnd(transaction, experiment, now_us);
  const auto claims = store::ReadClaims(transaction, experiment);
  if (claims.empty()) return absl::OkStatus();
  const auto constants =
      store::ReadExperiment(transaction, experiment, true).constants;
  std::vector<RunOutcome> runs;
  for (const auto& run : store::ReadRuns(transaction, experiment)) {
    runs.push_back(OutcomeOf(transaction, run, constants));
  }
  for (const auto& claim : claims) {
    StoreOutcome(transaction, experiment, claim, runs, now_us);
  }
  return absl::OkStatus();
}

void ReopenExperiment(store::Transaction& transaction,
                      store::ExperimentKey experiment, int64_t now_us) {
  store::SetExperimentEnd(transaction, experiment, std::nullopt);
  for (store::ClaimRow claim : store::ReadClaims(transaction, experiment)) {
    if (claim.outcome == "pending") continue;
    claim.outcome = "pending";
    claim.measured.reset();
    claim.run_count = 0;
    claim.reason.clear();
    store::StoreClaimResult(transaction, experiment, claim, now_us);
  }
}

}  // namespace engram
