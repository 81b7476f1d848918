#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace engram::store {

class Reader;
class Transaction;

// Limits of a user; 0 means none.
struct QuotaRow {
  int64_t queued_runs = 0;
  int64_t running_runs = 0;
  double cpu_hours = 0;
  int64_t stored_bytes = 0;

  friend bool operator==(const QuotaRow&, const QuotaRow&) = default;
};

struct UserRow {
  std::string name;  // "ada"
  int64_t create_time_us = 0;
  QuotaRow quota;
  std::string etag;
};

// ALREADY_EXISTS: the name.
absl::Status InsertUser(Transaction& transaction, const UserRow& row);
// NOT_FOUND names the nearest user.
absl::StatusOr<UserRow> FindUser(Reader& reader, absl::string_view name);
std::vector<UserRow> ReadUsers(Reader& reader);  // by name
// ABORTED when `etag` is not empty and not the stored one.
absl::StatusOr<UserRow> UpdateQuota(Transaction& transaction,
                                    absl::string_view name,
                                    absl::string_view etag,
                                    const QuotaRow& quota);

// Processor time used, decayed to `as_of_us`: what fair share goes by.
struct UsageRow {
  std::string user;
  double cpu_seconds = 0;
  int64_t as_of_us = 0;
};
void StoreUsage(Transaction& transaction, const UsageRow& row);
std::vector<UsageRow> ReadUsage(Reader& reader);

}  // namespace engram::store
