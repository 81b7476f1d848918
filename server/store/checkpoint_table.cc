#include "server/store/checkpoint_table.h"

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

constexpr char kColumns[] =
    "is_final, tick, item_count, attempt, build, time_us, stood_still_us,"
    " manifest";

CheckpointRow FromColumns(RunKey run, const Statement& read) {
  CheckpointRow row{.run = run,
                    .is_final = read.Int(0) != 0,
                    .tick = read.Int64(1),
                    .item_count = read.Int64(2),
                    .attempt = read.Int(3),
                    .build = read.Text(4),
                    .time_us = read.Int64(5),
                    .stood_still_us = read.Int64(6)};
  const absl::string_view manifest = read.View(7);
  ENGRAM_EXPECT(row.manifest.ParseFromArray(manifest.data(),
                                            static_cast<int>(manifest.size())));
  return row;
}

int64_t BytesOf(Reader& reader, RunKey run) {
  Statement read = reader.Prepare(
      "SELECT coalesce(sum(byte_size), 0) FROM checkpoint WHERE run = ?");
  read.Bind(run);
  return read.Step() ? read.Int64(0) : 0;
}

// States count in what the run stores, as arrays do.
void CountBytes(Transaction& transaction, RunKey run, int64_t before) {
  const int64_t grown = BytesOf(transaction, run) - before;
  if (grown == 0) return;
  transaction
      .Prepare("UPDATE run SET stored_bytes = stored_bytes + ? WHERE key = ?")
      .Bind(grown, run)
      .Run();
}

void KeepNewest(Transaction& transaction, RunKey run, bool is_final,
                int count) {
  transaction
      .Prepare(
          "DELETE FROM checkpoint WHERE run = ?1 AND is_final = ?2 AND tick"
          " NOT IN (SELECT tick FROM checkpoint WHERE run = ?1 AND"
          "  is_final = ?2 ORDER BY tick DESC LIMIT ?3)")
      .Bind(run, is_final, count)
      .Run();
}

bool HasAny(Reader& reader, RunKey run) {
  Statement read =
      reader.Prepare("SELECT 1 FROM checkpoint WHERE run = ? LIMIT 1");
  read.Bind(run);
  return read.Step();
}

}  // namespace

void StoreCheckpoint(Transaction& transaction, const CheckpointRow& row) {
  const int64_t before = BytesOf(transaction, row.run);
  const std::string manifest = row.manifest.SerializeAsString();
  transaction
      .Prepare(
          "INSERT INTO checkpoint (run, is_final, tick, item_count, attempt,"
          " build, time_us, stood_still_us, byte_size, manifest)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          " ON CONFLICT (run, is_final, tick) DO UPDATE SET"
          " item_count = excluded.item_count, attempt = excluded.attempt,"
          " build = excluded.build, time_us = excluded.time_us,"
          " stood_still_us = excluded.stood_still_us,"
          " byte_size = excluded.byte_size, manifest = excluded.manifest")
      .Bind(row.run, row.is_final, row.tick, row.item_count, row.attempt,
            row.build, row.time_us, row.stood_still_us,
            row.manifest.byte_size(), Blob{manifest})
      .Run();
  KeepNewest(transaction, row.run, row.is_final,
             row.is_final ? 1 : kKeptCheckpoints);
  CountBytes(transaction, row.run, before);
}

void KeepAtEnd(Transaction& transaction, RunKey run, KeptState kept) {
  if (!HasAny(transaction, run)) return;
  const int64_t before = BytesOf(transaction, run);
  KeepNewest(transaction, run, false, kept == KeptState::kLast ? 1 : 0);
  KeepNewest(transaction, run, true, kept == KeptState::kFinal ? 1 : 0);
  CountBytes(transaction, run, before);
}

void DropCheckpointsFrom(Transaction& transaction, RunKey run, int64_t tick) {
  const int64_t before = BytesOf(transaction, run);
  transaction
      .Prepare(
          "DELETE FROM checkpoint WHERE run = ? AND is_final = 0 AND tick >= ?")
      .Bind(run, tick)
      .Run();
  CountBytes(transaction, run, before);
}

std::vector<CheckpointRow> ReadCheckpoints(Reader& reader, RunKey run) {
  Statement read = reader.Prepare(
      absl::StrCat("SELECT ", kColumns,
                   " FROM checkpoint WHERE run = ? AND is_final = 0"
                   " ORDER BY tick DESC"));
  read.Bind(run);
  std::vector<CheckpointRow> rows;
  while (read.Step()) rows.push_back(FromColumns(run, read));
  return rows;
}

std::optional<CheckpointRow> FindFinalState(Reader& reader, RunKey run) {
  Statement read = reader.Prepare(absl::StrCat(
      "SELECT ", kColumns, " FROM checkpoint WHERE run = ? AND is_final = 1"));
  read.Bind(run);
  if (!read.Step()) return std::nullopt;
  return FromColumns(run, read);
}

}  // namespace engram::store
