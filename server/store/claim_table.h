#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engram/store/v1/claim.pb.h"
#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

struct ClaimRow {
  int number = 0;  // within the experiment, from 0
  // The core's claim, so that it can be evaluated after a restart.
  v1::ClaimDefinition definition;
  std::string subject;              // "mean of sequence_length where ..."
  std::string expect;               // "equals 10"
  std::string outcome = "pending";  // pending, holds, fails, undecided
  std::optional<double> measured;
  int64_t run_count = 0;
  std::string reason;
};

void InsertClaims(Transaction& transaction, ExperimentKey experiment,
                  std::span<const ClaimRow> claims);
// By number.
std::vector<ClaimRow> ReadClaims(Reader& reader, ExperimentKey experiment);
// Stores outcome, measured value, run count and reason, and appends the claim
// event. An outcome of "pending" takes the result back (a run was retried).
void StoreClaimResult(Transaction& transaction, ExperimentKey experiment,
                      const ClaimRow& claim, int64_t now_us);

}  // namespace engram::store
