#include "server/store/audit_table.h"

#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {

void AppendAudit(Transaction& transaction, const AuditRow& row) {
  transaction
      .Prepare(
          "INSERT INTO audit (time_us, user, token, method, target,"
          " request_id, peer, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .Bind(row.time_us, row.user, row.token, row.method, row.target,
            row.request_id, row.peer, row.outcome)
      .Run();
}

std::vector<AuditRow> ReadAudit(Reader& reader, const AuditFilter& filter,
                                int limit) {
  Statement read = reader.Prepare(
      "SELECT time_us, user, token, method, target, request_id, peer, outcome,"
      " key FROM audit WHERE key < ? AND time_us >= ? AND time_us < ?"
      " AND (? = '' OR user = ?) AND (? = '' OR method = ?)"
      " ORDER BY key DESC LIMIT ?");
  read.Bind(filter.before_key, filter.from_us, filter.until_us, filter.user,
            filter.user, filter.method, filter.method, limit);
  std::vector<AuditRow> rows;
  while (read.Step()) {
    rows.push_back({read.Int64(0), read.Text(1), read.Text(2), read.Text(3),
                    read.Text(4), read.Text(5), read.Text(6), read.Text(7),
                    read.Int64(8)});
  }
  return rows;
}

// The oldest have the least keys, and no index is kept for the times alone: so
// a call looks at `limit` rows and no more.
int64_t ForgetAudit(Transaction& transaction, int64_t before_us, int limit) {
  return transaction
      .Prepare(
          "DELETE FROM audit WHERE time_us < ? AND key <= (SELECT max(key)"
          " FROM (SELECT key FROM audit ORDER BY key LIMIT ?))")
      .Bind(before_us, limit)
      .Run();
}

}  // namespace engram::store
