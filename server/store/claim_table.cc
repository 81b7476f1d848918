#include "server/store/claim_table.h"

#include <utility>

#include "core/base/contract.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {

void InsertClaims(Transaction& transaction, ExperimentKey experiment,
                  std::span<const ClaimRow> claims) {
  Statement insert = transaction.Prepare(
      "INSERT INTO claim (experiment, number, subject, expect, outcome,"
      " measured, run_count, reason, definition)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const ClaimRow& claim : claims) {
    const std::string definition = claim.definition.SerializeAsString();
    insert
        .Bind(experiment, claim.number, claim.subject, claim.expect,
              claim.outcome, claim.measured, claim.run_count, claim.reason,
              Blob{definition})
        .RunAgain();
  }
}

std::vector<ClaimRow> ReadClaims(Reader& reader, ExperimentKey experiment) {
  Statement read = reader.Prepare(
      "SELECT number, subject, expect, outcome, measured, run_count, reason,"
      " definition FROM claim WHERE experiment = ? ORDER BY number");
  read.Bind(experiment);
  std::vector<ClaimRow> claims;
  while (read.Step()) {
    ClaimRow& claim = claims.emplace_back();
    claim.number = read.Int(0);
    claim.subject = read.Text(1);
    claim.expect = read.Text(2);
    claim.outcome = read.Text(3);
    if (!read.IsNull(4)) claim.measured = read.Real(4);
    claim.run_count = read.Int64(5);
    claim.reason = read.Text(6);
    const absl::string_view definition = read.View(7);
    ENGRAM_EXPECT(claim.definition.ParseFromArray(
        definition.data(), static_cast<int>(definition.size())));
  }
  return claims;
}

void StoreClaimResult(Transaction& transaction, ExperimentKey experiment,
                      const ClaimRow& claim, int64_t now_us) {
  const int64_t changed =
      transaction
          .Prepare(
              "UPDATE claim SET outcome = ?, measured = ?, run_count = ?,"
              " reason = ? WHERE experiment = ? AND number = ?")
          .Bind(claim.outcome, claim.measured, claim.run_count, claim.reason,
                experiment, claim.number)
          .Run();
  ENGRAM_EXPECT(changed == 1);
  StoredEvent event;
  event.time_us = now_us;
  event.experiment = experiment;
  v1::ClaimEvaluated& evaluated = *event.payload.mutable_claim();
  evaluated.set_number(claim.number);
  evaluated.set_that(claim.definition.that());
  evaluated.set_subject(claim.subject);
  evaluated.set_expect(claim.expect);
  evaluated.set_published(claim.definition.published());
  evaluated.set_source(claim.definition.source());
  evaluated.set_outcome(claim.outcome);
  if (claim.measured.has_value()) evaluated.set_measured(*claim.measured);
  evaluated.set_run_count(claim.run_count);
  evaluated.set_reason(claim.reason);
  transaction.Append(std::move(event));
}

}  // namespace engram::store
