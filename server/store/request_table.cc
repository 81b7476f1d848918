#include "server/store/request_table.h"

#include "core/base/contract.h"
#include "server/store/digest.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {

void InsertRequest(Transaction& transaction, const RequestRow& row) {
  const int64_t inserted =
      transaction
          .Prepare(
              "INSERT OR IGNORE INTO request (user, request_id, method,"
              " request_sha256, create_time_us, response)"
              " VALUES (?, ?, ?, ?, ?, ?)")
          .Bind(row.user, row.request_id, row.method,
                Blob{DigestBytes(row.request_sha256)}, row.create_time_us,
                Blob{row.response})
          .Run();
  ENGRAM_EXPECT(inserted == 1);
}

std::optional<RequestRow> FindRequest(Reader& reader, absl::string_view user,
                                      absl::string_view request_id) {
  Statement read = reader.Prepare(
      "SELECT method, request_sha256, create_time_us, response FROM request"
      " WHERE user = ? AND request_id = ?");
  read.Bind(user, request_id);
  if (!read.Step()) return std::nullopt;
  RequestRow row;
  row.request_id = std::string(request_id);
  row.user = std::string(user);
  row.method = read.Text(0);
  absl::StatusOr<Digest> digest = DigestFromBytes(read.View(1));
  ENGRAM_EXPECT(digest.ok());
  row.request_sha256 = *digest;
  row.create_time_us = read.Int64(2);
  row.response = read.Text(3);
  return row;
}

int64_t ForgetRequests(Transaction& transaction, int64_t made_before_us) {
  return transaction.Prepare("DELETE FROM request WHERE create_time_us < ?")
      .Bind(made_before_us)
      .Run();
}

}  // namespace engram::store
