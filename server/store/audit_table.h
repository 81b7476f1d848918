#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace engram::store {

class Reader;
class Transaction;

// Who changed what, or tried to, and from where.
struct AuditRow {
  int64_t time_us = 0;
  std::string user;    // "users/ada"; empty for nobody who is known
  std::string token;   // "tokens/3"
  std::string method;  // full name
  std::string target;  // name of what was changed
  std::string request_id;
  std::string peer;     // "ipv4:127.0.0.1:51234"
  std::string outcome;  // "OK" or the code's name
  int64_t key = 0;      // grows with every row; given by the store
};
void AppendAudit(Transaction& transaction, const AuditRow& row);

// Empty texts match everything.
struct AuditFilter {
  std::string user;
  std::string method;
  int64_t from_us = std::numeric_limits<int64_t>::min();
  int64_t until_us = std::numeric_limits<int64_t>::max();  // exclusive
  // Only rows that were written before the one of this key.
  int64_t before_key = std::numeric_limits<int64_t>::max();
};
// Newest first.
std::vector<AuditRow> ReadAudit(Reader& reader, const AuditFilter& filter,
                                int limit);

// Removes rows of before that time among the `limit` oldest; returns how many.
int64_t ForgetAudit(Transaction& transaction, int64_t before_us, int limit);

}  // namespace engram::store
