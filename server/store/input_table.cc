#include "server/store/input_table.h"

#include "core/base/contract.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

InputRow FromColumns(const Statement& read) {
  InputRow row;
  row.name = read.Text(0);
  const absl::string_view manifest = read.View(1);
  ENGRAM_EXPECT(row.manifest.ParseFromArray(manifest.data(),
                                            static_cast<int>(manifest.size())));
  return row;
}

}  // namespace

void InsertInputs(Transaction& transaction, ExperimentKey experiment,
                  std::span<const InputRow> rows) {
  for (const InputRow& row : rows) {
    const std::string manifest = row.manifest.SerializeAsString();
    transaction
        .Prepare(
            "INSERT INTO experiment_input (experiment, digest, name, byte_size,"
            " manifest) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (experiment, digest) DO NOTHING")
        .Bind(experiment, Blob{row.manifest.digest()}, row.name,
              row.manifest.byte_size(), Blob{manifest})
        .Run();
  }
}

std::optional<InputRow> FindInput(Reader& reader, RunKey run,
                                  absl::string_view digest) {
  Statement read = reader.Prepare(
      "SELECT i.name, i.manifest FROM run r"
      " JOIN experiment_input i ON i.experiment = r.experiment"
      " WHERE r.key = ? AND i.digest = ?");
  read.Bind(run, Blob{digest});
  if (!read.Step()) return std::nullopt;
  return FromColumns(read);
}

std::vector<InputRow> ReadInputs(Reader& reader, ExperimentKey experiment) {
  Statement read = reader.Prepare(
      "SELECT name, manifest FROM experiment_input WHERE experiment = ?"
      " ORDER BY name");
  read.Bind(experiment);
  std::vector<InputRow> rows;
  while (read.Step()) rows.push_back(FromColumns(read));
  return rows;
}

}  // namespace engram::store
