#include "server/store/user_table.h"

#include "absl/strings/str_cat.h"
#include "core/spec/nearest_name.h"
#include "server/store/etag.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

std::string QuotaEtag(absl::string_view name, const QuotaRow& quota) {
  return EtagOf(absl::StrCat(name, " ", quota.queued_runs, " ",
                             quota.running_runs, " ", quota.cpu_hours, " ",
                             quota.stored_bytes));
}

UserRow FromColumns(const Statement& read) {
  UserRow row;
  row.name = read.Text(0);
  row.create_time_us = read.Int64(1);
  row.quota = {read.Int64(2), read.Int64(3), read.Real(4), read.Int64(5)};
  row.etag = read.Text(6);
  return row;
}

constexpr char kUserColumns[] =
    "name, create_time_us, queued_runs, running_runs, cpu_hours,"
    " stored_bytes, etag";

}  // namespace

absl::Status InsertUser(Transaction& transaction, const UserRow& row) {
  const int64_t inserted =
      transaction
          .Prepare(
              "INSERT OR IGNORE INTO user (name, create_time_us,"
              " queued_runs, running_runs, cpu_hours, stored_bytes, etag)"
              " VALUES (?, ?, ?, ?, ?, ?, ?)")
          .Bind(row.name, row.create_time_us, row.quota.queued_runs,
                row.quota.running_runs, row.quota.cpu_hours,
                row.quota.stored_bytes, QuotaEtag(row.name, row.quota))
          .Run();
  if (inserted == 1) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat("there is a user ", row.name, " already"));
}

absl::StatusOr<UserRow> FindUser(Reader& reader, absl::string_view name) {
  Statement read = reader.Prepare(
      absl::StrCat("SELECT ", kUserColumns, " FROM user WHERE name = ?"));
  read.Bind(name);
  if (read.Step()) return FromColumns(read);
  std::vector<std::string> names;
  for (const UserRow& row : ReadUsers(reader)) names.push_back(row.name);
  return absl::NotFoundError(
      absl::StrCat("there is no user ", name, SuggestName(name, names)));
}

std::vector<UserRow> ReadUsers(Reader& reader) {
  Statement read = reader.Prepare(
      absl::StrCat("SELECT ", kUserColumns, " FROM user ORDER BY name"));
  std::vector<UserRow> rows;
  while (read.Step()) rows.push_back(FromColumns(read));
  return rows;
}

absl::StatusOr<UserRow> UpdateQuota(Transaction& transaction,
                                    absl::string_view name,
                                    absl::string_view etag,
                                    const QuotaRow& quota) {
  absl::StatusOr<UserRow> row = FindUser(transaction, name);
  if (!row.ok()) return row.status();
  if (!etag.empty() && etag != row->etag)
    return absl::AbortedError(absl::StrCat(
        "the quota of ", name, " was changed in the meantime (etag ", etag,
        ", stored ", row->etag, "): read it again, then change it"));
  row->quota = quota;
  row->etag = QuotaEtag(name, quota);
  transaction
      .Prepare(
          "UPDATE user SET queued_runs = ?, running_runs = ?,"
          " cpu_hours = ?, stored_bytes = ?, etag = ? WHERE name = ?")
      .Bind(quota.queued_runs, quota.running_runs, quota.cpu_hours,
            quota.stored_bytes, row->etag, name)
      .Run();
  return row;
}

void StoreUsage(Transaction& transaction, const UsageRow& row) {
  transaction
      .Prepare(
          "INSERT INTO usage (user, cpu_seconds, as_of_us)"
          " VALUES (?, ?, ?) ON CONFLICT (user) DO UPDATE SET"
          " cpu_seconds = excluded.cpu_seconds,"
          " as_of_us = excluded.as_of_us")
      .Bind(row.user, row.cpu_seconds, row.as_of_us)
      .Run();
}

std::vector<UsageRow> ReadUsage(Reader& reader) {
  Statement read = reader.Prepare(
      "SELECT user, cpu_seconds, as_of_us FROM usage ORDER BY user");
  std::vector<UsageRow> rows;
  while (read.Step())
    rows.push_back({read.Text(0), read.Real(1), read.Int64(2)});
  return rows;
}

}  // namespace engram::store
