#include "server/store/dataset_table.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/contract.h"
#include "core/spec/nearest_name.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

constexpr char kColumns[] =
    "d.name, d.format, d.user, d.byte_size, d.manifest, d.create_time_us,"
    " (SELECT coalesce(sum(e.run_count), 0) FROM dataset_use u"
    "  JOIN experiment e ON e.key = u.experiment WHERE u.dataset = d.name)";

DatasetRow FromColumns(const Statement& read) {
  DatasetRow row;
  row.name = read.Text(0);
  row.format = read.Text(1);
  row.user = read.Text(2);
  row.byte_size = read.Int64(3);
  const absl::string_view manifest = read.View(4);
  ENGRAM_EXPECT(row.manifest.ParseFromArray(manifest.data(),
                                            static_cast<int>(manifest.size())));
  row.create_time_us = read.Int64(5);
  row.use_count = read.Int64(6);
  return row;
}

std::vector<std::string> Users(Reader& reader, absl::string_view dataset) {
  Statement read = reader.Prepare(
      "SELECT e.id FROM dataset_use u JOIN experiment e ON e.key = u.experiment"
      " WHERE u.dataset = ? ORDER BY e.key");
  read.Bind(dataset);
  std::vector<std::string> ids;
  while (read.Step()) ids.push_back(read.Text(0));
  return ids;
}

}  // namespace

absl::Status InsertDataset(Transaction& transaction, const DatasetRow& row) {
  const std::string manifest = row.manifest.SerializeAsString();
  const int64_t inserted =
      transaction
          .Prepare(
              "INSERT INTO dataset (name, format, user, byte_size,"
              " create_time_us, manifest) VALUES (?, ?, ?, ?, ?, ?)"
              " ON CONFLICT (name) DO NOTHING")
          .Bind(row.name, row.format, row.user, row.byte_size,
                row.create_time_us, Blob{manifest})
          .Run();
  if (inserted == 1) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat(
      "there is a dataset ", row.name, " already: choose another name"));
}

absl::StatusOr<DatasetRow> FindDataset(Reader& reader, absl::string_view name) {
  {
    Statement read = reader.Prepare(
        absl::StrCat("SELECT ", kColumns, " FROM dataset d WHERE d.name = ?"));
    read.Bind(name);
    if (read.Step()) return FromColumns(read);
  }
  Statement all = reader.Prepare("SELECT name FROM dataset ORDER BY name");
  std::vector<std::string> names;
  while (all.Step()) names.push_back(all.Text(0));
  return absl::NotFoundError(names.empty()
                                 ? absl::StrCat("there is no dataset ", name,
                                                ": none has been uploaded yet")
                                 : absl::StrCat("there is no dataset ", name,
                                                SuggestName(name, names)));
}

std::vector<DatasetRow> ReadDatasets(Reader& reader, absl::string_view after,
                                     int limit) {
  Statement read = reader.Prepare(
      absl::StrCat("SELECT ", kColumns,
                   " FROM dataset d WHERE d.name > ? ORDER BY d.name LIMIT ?"));
  read.Bind(after, limit);
  std::vector<DatasetRow> rows;
  while (read.Step()) rows.push_back(FromColumns(read));
  return rows;
}

absl::Status UseDataset(Transaction& transaction, ExperimentKey experiment,
                        absl::string_view name) {
  absl::StatusOr<DatasetRow> row = FindDataset(transaction, name);
  if (!row.ok()) return row.status();
  transaction
      .Prepare(
          "INSERT OR IGNORE INTO dataset_use (dataset, experiment)"
          " VALUES (?, ?)")
      .Bind(name, experiment)
      .Run();
  return absl::OkStatus();
}

absl::Status DeleteDataset(Transaction& transaction, absl::string_view name) {
  absl::StatusOr<DatasetRow> row = FindDataset(transaction, name);
  if (!row.ok()) return row.status();
  const std::vector<std::string> users = Users(transaction, name);
  if (!users.empty())
    return absl::FailedPreconditionError(
        absl::StrCat("dataset ", name, " is used by ", ListNames(users),
                     ": delete these first"));
  transaction.Prepare("DELETE FROM dataset WHERE name = ?").Bind(name).Run();
  return absl::OkStatus();
}

}  // namespace engram::store
