#include "server/store/array_table.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/contract.h"
#include "core/spec/nearest_name.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

ArrayRow FromColumns(RunKey run, const Statement& read) {
  ArrayRow row;
  row.run = run;
  row.path = read.Text(0);
  row.step = read.Int64(1);
  const absl::string_view manifest = read.View(2);
  ENGRAM_EXPECT(row.manifest.ParseFromArray(manifest.data(),
                                            static_cast<int>(manifest.size())));
  return row;
}

void AddStoredBytes(Transaction& transaction, RunKey run, int64_t bytes) {
  transaction
      .Prepare("UPDATE run SET stored_bytes = stored_bytes + ? WHERE key = ?")
      .Bind(bytes, run)
      .Run();
}

int64_t SizeOf(Reader& reader, const ArrayRow& row) {
  Statement read = reader.Prepare(
      "SELECT byte_size FROM array WHERE run = ? AND path = ? AND step = ?");
  read.Bind(row.run, row.path, row.step);
  return read.Step() ? read.Int64(0) : 0;
}

std::string StepText(int64_t step) {
  return step < 0 ? "final" : absl::StrCat(step);
}

absl::Status NoArray(Reader& reader, RunKey run, absl::string_view path,
                     int64_t step) {
  std::vector<std::string> paths, steps;
  for (const ArrayRow& row : ReadArrays(reader, run)) {
    if (paths.empty() || paths.back() != row.path) paths.push_back(row.path);
    if (row.path == path) steps.push_back(StepText(row.step));
  }
  if (!steps.empty())
    return absl::NotFoundError(
        absl::StrCat("array ", path, " was not recorded at step ",
                     StepText(step), "; it was at ", ListNames(steps)));
  if (paths.empty())
    return absl::NotFoundError(absl::StrCat("there is no array ", path,
                                            ": the run has recorded none"));
  return absl::NotFoundError(
      absl::StrCat("there is no array ", path, SuggestName(path, paths)));
}

// Visits the chunks of every manifest that the statement gives.
void VisitManifests(Statement read,
                    const std::function<void(absl::string_view)>& visit) {
  v1::ArrayManifest manifest;
  while (read.Step()) {
    const absl::string_view bytes = read.View(0);
    ENGRAM_EXPECT(
        manifest.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    for (const std::string& digest : manifest.chunks()) visit(digest);
  }
}

}  // namespace

void StoreArray(Transaction& transaction, const ArrayRow& row) {
  const int64_t size_before = SizeOf(transaction, row);
  const std::string manifest = row.manifest.SerializeAsString();
  transaction
      .Prepare(
          "INSERT INTO array (run, path, step, byte_size, manifest)"
          " VALUES (?, ?, ?, ?, ?) ON CONFLICT (run, path, step) DO UPDATE SET"
          " byte_size = excluded.byte_size, manifest = excluded.manifest")
      .Bind(row.run, row.path, row.step, row.manifest.byte_size(),
            Blob{manifest})
      .Run();
  AddStoredBytes(transaction, row.run, row.manifest.byte_size() - size_before);
}

std::vector<ArrayRow> ReadArrays(Reader& reader, RunKey run) {
  Statement read = reader.Prepare(
      "SELECT path, step, manifest FROM array WHERE run = ?"
      " ORDER BY path, step < 0, step");
  read.Bind(run);
  std::vector<ArrayRow> rows;
  while (read.Step()) rows.push_back(FromColumns(run, read));
  return rows;
}

absl::StatusOr<ArrayRow> FindArray(Reader& reader, RunKey run,
                                   absl::string_view path, int64_t step) {
  Statement read = reader.Prepare(
      "SELECT path, step, manifest FROM array"
      " WHERE run = ? AND path = ? AND step = ?");
  read.Bind(run, path, step);
  if (read.Step()) return FromColumns(run, read);
  return NoArray(reader, run, path, step);
}

void ForEachUsedChunk(Reader& reader,
                      const std::function<void(absl::string_view)>& visit) {
  VisitManifests(reader.Prepare("SELECT manifest FROM array"), visit);
  VisitManifests(reader.Prepare("SELECT manifest FROM checkpoint"), visit);
  VisitManifests(reader.Prepare("SELECT manifest FROM dataset"), visit);
  VisitManifests(reader.Prepare("SELECT manifest FROM experiment_input"),
                 visit);
}

}  // namespace engram::store
