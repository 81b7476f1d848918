#include "server/store/verification_table.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

constexpr char kColumns[] =
    "run, number, outcome, difference, items_compared, result_hash, build,"
    " current, actor, create_time_us, end_time_us, comparison";

VerificationRow FromColumns(const Statement& read) {
  VerificationRow row{RunKey{read.Int64(0)}, read.Int(1),         read.Text(2),
                      read.Text(3),          read.Int64(4),       read.Text(5),
                      read.Text(6),          read.Int(7) != 0,    read.Text(8),
                      read.Int64(9),         read.MaybeInt64(10), {}};
  const absl::string_view comparison = read.View(11);
  ENGRAM_EXPECT(row.comparison.ParseFromArray(
      comparison.data(), static_cast<int>(comparison.size())));
  return row;
}

}  // namespace

int InsertVerification(Transaction& transaction, const VerificationRow& row) {
  Statement insert = transaction.Prepare(
      "INSERT INTO verification (run, number, outcome, difference,"
      " items_compared, result_hash, build, current, actor, create_time_us,"
      " end_time_us) VALUES (?1, (SELECT coalesce(max(number), 0) + 1"
      " FROM verification WHERE run = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
      " RETURNING number");
  insert.Bind(row.run, row.outcome, row.difference, row.items_compared,
              row.result_hash, row.build, row.current, row.actor,
              row.create_time_us, row.end_time_us);
  ENGRAM_EXPECT(insert.Step());
  const int number = insert.Int(0);
  ENGRAM_EXPECT(!insert.Step());
  return number;
}

void UpdateVerification(Transaction& transaction, const VerificationRow& row) {
  const std::string comparison = row.comparison.SerializeAsString();
  const int64_t changed =
      transaction
          .Prepare(
              "UPDATE verification SET outcome = ?, difference = ?,"
              " items_compared = ?, result_hash = ?, build = ?,"
              " current = ?, end_time_us = ?, comparison = ?"
              " WHERE run = ? AND number = ?")
          .Bind(row.outcome, row.difference, row.items_compared,
                row.result_hash, row.build, row.current, row.end_time_us,
                Blob{comparison}, row.run, row.number)
          .Run();
  ENGRAM_EXPECT(changed == 1);
}

absl::StatusOr<VerificationRow> FindVerification(Reader& reader, RunKey run,
                                                 int number) {
  Statement read = reader.Prepare(absl::StrCat(
      "SELECT ", kColumns, " FROM verification WHERE run = ? AND number = ?"));
  read.Bind(run, number);
  if (read.Step()) return FromColumns(read);
  return absl::NotFoundError(absl::StrCat("the run has no verification ",
                                          number,
                                          "; `engram verify RUN` makes one"));
}

std::vector<VerificationRow> PendingVerifications(Reader& reader) {
  Statement read =
      reader.Prepare(absl::StrCat("SELECT ", kColumns,
                                  " FROM verification WHERE outcome = 'pending'"
                                  " ORDER BY create_time_us"));
  std::vector<VerificationRow> rows;
  while (read.Step()) rows.push_back(FromColumns(read));
  return rows;
}

}  // namespace engram::store
