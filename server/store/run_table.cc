#include "server/store/run_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "server/store/row_columns.h"
#include "server/store/run_states.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"
#include "server/store/value_names.h"
#include "server/store/zstd_frame.h"

namespace engram::store {
namespace {

// A tree is at most as long as the text that it comes from may become when
// defaults are filled in.
constexpr int64_t kMaxTreeBytes = 64 << 20;

std::string CanonicalJsonOf(Reader& reader, ExperimentKey key) {
  Statement read =
      reader.Prepare("SELECT canonical_json FROM experiment WHERE key = ?");
  read.Bind(key);
  ENGRAM_EXPECT(read.Step());
  return read.Text(0);
}

RunKey InsertRun(Transaction& transaction, ExperimentKey experiment,
                 const NewRun& run, absl::string_view tree,
                 const ResourceRow& resources, absl::string_view actor,
                 absl::string_view reason, int64_t now_us) {
  transaction
      .Prepare(
          "INSERT INTO run (experiment, point, state, state_actor,"
          " state_reason, state_time_us, seed, run_hash, cpus,"
          " memory_bytes, time_us, tree)"
          " VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .Bind(experiment, run.point, actor, reason, now_us, run.seed,
            run.run_hash, resources.cpus, resources.memory_bytes,
            resources.time_us, Blob{tree})
      .Run();
  return RunKey{transaction.LastKey()};
}

void InsertValues(Transaction& transaction, RunKey key,
                  const std::vector<NamedValue>& values) {
  for (const NamedValue& value : values) {
    const int64_t name =
        InternName(transaction, value.name, NameKind::kParameter);
    transaction
        .Prepare(
            "INSERT INTO run_value (run, name, value, unit,"
            " absent_reason) VALUES (?, ?, ?, '', '')")
        .Bind(key, name, ToSql(value.value))
        .Run();
  }
}

}  // namespace

RunLengths LengthsOfRuns(Reader& reader, ExperimentKey experiment) {
  Statement read = reader.Prepare(
      "SELECT count(*), coalesce(avg(wall_time_us), 0) / 1e6 FROM run"
      " WHERE experiment = ? AND state = 'succeeded'");
  read.Bind(experiment);
  ENGRAM_EXPECT(read.Step());
  return {.run_count = read.Int64(0), .mean_s = read.Real(1)};
}

std::vector<RunKey> InsertRuns(Transaction& transaction,
                               ExperimentKey experiment,
                               std::span<const NewRun> runs,
                               const ResourceRow& resources,
                               absl::string_view actor,
                               absl::string_view reason, int64_t now_us) {
  LikeCompressor compressor(CanonicalJsonOf(transaction, experiment));
  StateChange change;
  change.to = "queued";
  change.actor = std::string(actor);
  change.reason = std::string(reason);
  change.now_us = now_us;
  std::vector<RunKey> keys;
  keys.reserve(runs.size());
  for (const NewRun& run : runs) {
    const RunKey key = InsertRun(transaction, experiment, run,
                                 compressor.Compress(run.tree_json), resources,
                                 actor, reason, now_us);
    InsertValues(transaction, key, run.varying);
    RecordChange(transaction, {experiment, key, run.point, 0}, change);
    keys.push_back(key);
  }
  return keys;
}

absl::StatusOr<RunKey> FindRun(Reader& reader, ExperimentKey experiment,
                               int64_t point) {
  Statement find =
      reader.Prepare("SELECT key FROM run WHERE experiment = ? AND point = ?");
  find.Bind(experiment, point);
  if (find.Step()) return RunKey{find.Int64(0)};
  Statement range = reader.Prepare(
      "SELECT e.id, max(r.point) FROM experiment e"
      " JOIN run r ON r.experiment = e.key WHERE e.key = ?");
  range.Bind(experiment);
  ENGRAM_EXPECT(range.Step());
  return absl::NotFoundError(
      absl::StrCat("experiment ", range.View(0), " has no run ", point,
                   "; its runs are 0 to ", range.Int64(1)));
}

RunRow RunFromColumns(const Statement& row) {
  RunRow run;
  run.key = RunKey{row.Int64(0)};
  run.experiment = ExperimentKey{row.Int64(1)};
  run.experiment_id = row.Text(2);
  run.title = row.Text(3);
  run.user = row.Text(4);
  run.point = row.Int64(5);
  run.state = row.Text(6);
  run.state_actor = row.Text(7);
  run.state_reason = row.Text(8);
  run.state_time_us = row.Int64(9);
  run.create_time_us = row.Int64(10);
  run.start_time_us = row.MaybeInt64(11);
  run.end_time_us = row.MaybeInt64(12);
  run.attempt = row.Int(13);
  run.fencing_token = row.Int64(14);
  run.stored_ordinal = row.Int64(15);
  run.seed = static_cast<uint64_t>(row.Int64(16));
  run.run_hash = row.Text(17);
  run.result_hash = row.Text(18);
  run.build = row.Text(19);
  run.worker = row.Text(20);
  run.error_reason = row.Text(21);
  run.error_message = row.Text(22);
  run.resources = {row.Int(23), row.Int64(24), row.Int64(25)};
  run.cpu_seconds = row.Real(26);
  run.wall_time_us = row.Int64(27);
  run.stored_bytes = row.Int64(28);
  run.tick = row.Int64(29);
  run.tick_total = row.Int64(30);
  run.tick_name = row.Text(31);
  return run;
}

RunRow ReadRun(Reader& reader, RunKey key) {
  Statement read = reader.Prepare(
      absl::StrCat("SELECT ", kRunColumns,
                   " FROM run r JOIN experiment e ON e.key = r.experiment"
                   " WHERE r.key = ?"));
  read.Bind(key);
  ENGRAM_EXPECT(read.Step());
  return RunFromColumns(read);
}

std::vector<RunRow> ReadRuns(Reader& reader, ExperimentKey experiment,
                             std::span<const std::string> states) {
  Statement read = reader.Prepare(
      absl::StrCat("SELECT ", kRunColumns,
                   " FROM run r JOIN experiment e ON e.key = r.experiment"
                   " WHERE r.experiment = ? ORDER BY r.point"));
  read.Bind(experiment);
  std::vector<RunRow> rows;
  while (read.Step()) {
    const bool is_asked =
        states.empty() ||
        std::find(states.begin(), states.end(), read.View(6)) != states.end();
    if (is_asked) rows.push_back(RunFromColumns(read));
  }
  return rows;
}

absl::StatusOr<std::string> ReadTree(Reader& reader, RunKey key) {
  Statement read =
      reader.Prepare("SELECT experiment, tree FROM run WHERE key = ?");
  read.Bind(key);
  ENGRAM_EXPECT(read.Step());
  const std::string like =
      CanonicalJsonOf(reader, ExperimentKey{read.Int64(0)});
  return DecompressLike(read.View(1), like, kMaxTreeBytes);
}

std::vector<NamedValue> ReadVarying(Reader& reader, RunKey key) {
  Statement read = reader.Prepare(
      "SELECT n.name, v.value FROM run_value v JOIN value_name n"
      " ON n.key = v.name WHERE v.run = ? AND n.kind = 'parameter'"
      " ORDER BY n.name");
  read.Bind(key);
  std::vector<NamedValue> values;
  while (read.Step()) values.push_back({read.Text(0), FromSql(read.Any(1))});
  return values;
}

std::vector<SummaryRow> ReadSummary(Reader& reader, RunKey key) {
  Statement read = reader.Prepare(
      "SELECT n.name, v.unit, v.value, v.absent_reason FROM run_value v"
      " JOIN value_name n ON n.key = v.name"
      " WHERE v.run = ? AND n.kind = 'summary' ORDER BY n.name");
  read.Bind(key);
  std::vector<SummaryRow> rows;
  while (read.Step())
    rows.push_back({read.Text(0), read.Text(1),
                    read.IsNull(2) ? 0 : read.Real(2), read.Text(3)});
  return rows;
}

void StoreSummary(Transaction& transaction, RunKey key, const SummaryRow& row) {
  const int64_t name = InternName(transaction, row.name, NameKind::kSummary);
  const SqlValue value = row.is_absent() ? SqlValue() : SqlValue(row.value);
  transaction
      .Prepare(
          "INSERT INTO run_value (run, name, value, unit, absent_reason)"
          " VALUES (?, ?, ?, ?, ?) ON CONFLICT (run, name) DO UPDATE SET"
          " value = excluded.value, unit = excluded.unit,"
          " absent_reason = excluded.absent_reason")
      .Bind(key, name, value, row.unit, row.absent_reason)
      .Run();
}

void SetProgress(Transaction& transaction, RunKey key, int64_t tick,
                 int64_t tick_total, absl::string_view tick_name) {
  transaction
      .Prepare(
          "UPDATE run SET tick = ?, tick_total = ?, tick_name = ?"
          " WHERE key = ?")
      .Bind(tick, tick_total, tick_name, key)
      .Run();
}

void SetStoredOrdinal(Transaction& transaction, RunKey key, int64_t ordinal) {
  transaction.Prepare("UPDATE run SET stored_ordinal = ? WHERE key = ?")
      .Bind(ordinal, key)
      .Run();
}

void AddUse(Transaction& transaction, RunKey key, double cpu_seconds,
            int64_t wall_time_us) {
  transaction
      .Prepare(
          "UPDATE run SET cpu_seconds = cpu_seconds + ?,"
          " wall_time_us = wall_time_us + ? WHERE key = ?")
      .Bind(cpu_seconds, wall_time_us, key)
      .Run();
}

void ClearRecord(Transaction& transaction, RunKey key) {
  transaction.Prepare("DELETE FROM series WHERE run = ?").Bind(key).Run();
  transaction.Prepare("DELETE FROM array WHERE run = ?").Bind(key).Run();
  transaction.Prepare("DELETE FROM population WHERE run = ?").Bind(key).Run();
  transaction.Prepare("DELETE FROM item_chunk WHERE run = ?").Bind(key).Run();
  transaction.Prepare("DELETE FROM checkpoint WHERE run = ?").Bind(key).Run();
  transaction
      .Prepare(
          "DELETE FROM run_value WHERE run = ? AND name IN"
          " (SELECT key FROM value_name WHERE kind = 'summary')")
      .Bind(key)
      .Run();
  transaction
      .Prepare(
          "UPDATE run SET result_hash = '', error_reason = '',"
          " error_message = '', stored_ordinal = 0, tick = 0,"
          " tick_total = 0, stored_bytes = 0 WHERE key = ?")
      .Bind(key)
      .Run();
}

}  // namespace engram::store
