#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engram/store/v1/verification.pb.h"
#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

// A stored run, executed again and compared.
struct VerificationRow {
  RunKey run{};
  int number = 0;  // within the run, from 1
  // pending, equal, close, different, failed.
  std::string outcome = "pending";
  std::string difference;
  int64_t items_compared = 0;
  std::string result_hash;
  std::string build;
  bool current = false;  // with today's build instead of the run's own
  std::string actor;     // "users/ada"
  int64_t create_time_us = 0;
  std::optional<int64_t> end_time_us;
  v1::ValueComparison comparison;  // of `current`, once it has ended
};

// Gives it the next number within its run, which it returns.
int InsertVerification(Transaction& transaction, const VerificationRow& row);
// Replaces everything but key, actor and creation time.
void UpdateVerification(Transaction& transaction, const VerificationRow& row);
// NOT_FOUND: no verification of that number.
absl::StatusOr<VerificationRow> FindVerification(Reader& reader, RunKey run,
                                                 int number);
std::vector<VerificationRow> PendingVerifications(Reader& reader);

}  // namespace engram::store
