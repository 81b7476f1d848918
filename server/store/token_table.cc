#include "server/store/token_table.h"

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/digest.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

constexpr char kColumns[] =
    "number, user, scope, label, sha256, create_time_us, expire_time_us,"
    " revoke_time_us, last_use_time_us";

TokenRow FromColumns(const Statement& read) {
  TokenRow row;
  row.number = read.Int64(0);
  row.user = read.Text(1);
  row.scope = read.Text(2);
  row.label = read.Text(3);
  absl::StatusOr<Digest> digest = DigestFromBytes(read.View(4));
  ENGRAM_EXPECT(digest.ok());
  row.sha256 = *digest;
  row.create_time_us = read.Int64(5);
  row.expire_time_us = read.MaybeInt64(6);
  row.revoke_time_us = read.MaybeInt64(7);
  row.last_use_time_us = read.MaybeInt64(8);
  return row;
}

}  // namespace

int64_t InsertToken(Transaction& transaction, const TokenRow& row) {
  transaction
      .Prepare(
          "INSERT INTO token (user, scope, label, sha256, create_time_us,"
          " expire_time_us, revoke_time_us, last_use_time_us)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .Bind(row.user, row.scope, row.label, Blob{DigestBytes(row.sha256)},
            row.create_time_us, row.expire_time_us, row.revoke_time_us,
            row.last_use_time_us)
      .Run();
  return transaction.LastKey();
}

std::optional<TokenRow> FindToken(Reader& reader,
                                  const std::array<uint8_t, 32>& sha256) {
  Statement read = reader.Prepare(
      absl::StrCat("SELECT ", kColumns, " FROM token WHERE sha256 = ?"));
  read.Bind(Blob{DigestBytes(sha256)});
  if (!read.Step()) return std::nullopt;
  return FromColumns(read);
}

std::vector<TokenRow> ReadTokens(Reader& reader, absl::string_view user) {
  Statement read = reader.Prepare(
      absl::StrCat("SELECT ", kColumns,
                   " FROM token WHERE ?1 = '' OR user = ?1 ORDER BY number"));
  read.Bind(user);
  std::vector<TokenRow> rows;
  while (read.Step()) rows.push_back(FromColumns(read));
  return rows;
}

absl::Status RevokeToken(Transaction& transaction, int64_t number,
                         int64_t now_us) {
  const int64_t changed =
      transaction
          .Prepare(
              "UPDATE token SET revoke_time_us ="
              " coalesce(revoke_time_us, ?) WHERE number = ?")
          .Bind(now_us, number)
          .Run();
  if (changed == 1) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("there is no token tokens/", number,
                   "; `engram admin tokens` shows those there are"));
}

void SetTokenUse(Transaction& transaction, int64_t number, int64_t now_us) {
  transaction.Prepare("UPDATE token SET last_use_time_us = ? WHERE number = ?")
      .Bind(now_us, number)
      .Run();
}

}  // namespace engram::store
