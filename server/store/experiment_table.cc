#include "server/store/experiment_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/base/contract.h"
#include "core/spec/nearest_name.h"
#include "server/store/etag.h"
#include "server/store/row_columns.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"
#include "server/store/value_names.h"

namespace engram::store {
namespace {

// Axes are paths, which hold no line end.
std::string JoinAxes(const std::vector<std::string>& axes) {
  return absl::StrJoin(axes, "\n");
}

std::vector<std::string> SplitAxes(absl::string_view text) {
  if (text.empty()) return {};
  return absl::StrSplit(text, '\n');
}

void StoreTags(Transaction& transaction, ExperimentKey key,
               const std::vector<std::string>& tags) {
  Statement insert = transaction.Prepare(
      "INSERT OR IGNORE INTO experiment_tag (experiment, tag) VALUES (?, ?)");
  for (const std::string& tag : tags) insert.Bind(key, tag).RunAgain();
}

void StoreConstants(Transaction& transaction, ExperimentKey key,
                    const std::vector<NamedValue>& constants) {
  for (const NamedValue& constant : constants) {
    const int64_t name =
        InternName(transaction, constant.name, NameKind::kParameter);
    transaction
        .Prepare(
            "INSERT INTO experiment_value (experiment, name, value)"
            " VALUES (?, ?, ?)")
        .Bind(key, name, ToSql(constant.value))
        .Run();
  }
}

std::vector<NamedValue> ReadConstants(Reader& reader, ExperimentKey key) {
  Statement read = reader.Prepare(
      "SELECT n.name, v.value FROM experiment_value v"
      " JOIN value_name n ON n.key = v.name WHERE v.experiment = ?"
      " ORDER BY n.name");
  read.Bind(key);
  std::vector<NamedValue> constants;
  while (read.Step()) constants.push_back({read.Text(0), FromSql(read.Any(1))});
  return constants;
}

std::vector<std::string> AllIds(Reader& reader) {
  // Enough to suggest from; the newest are the likeliest meant.
  Statement read =
      reader.Prepare("SELECT id FROM experiment ORDER BY key DESC LIMIT 1000");
  std::vector<std::string> ids;
  while (read.Step()) ids.push_back(read.Text(0));
  return ids;
}

absl::Status NoExperiment(Reader& reader, absl::string_view id) {
  const std::string nearest = NearestName(id, AllIds(reader));
  return absl::NotFoundError(absl::StrCat(
      "there is no experiment ", id,
      nearest.empty() ? "; `engram list` shows those there are"
                      : absl::StrCat("; did you mean ", nearest, "?")));
}

}  // namespace

std::vector<std::string> ReadTags(Reader& reader, ExperimentKey key) {
  Statement read = reader.Prepare(
      "SELECT tag FROM experiment_tag WHERE experiment = ? ORDER BY tag");
  read.Bind(key);
  std::vector<std::string> tags;
  while (read.Step()) tags.push_back(read.Text(0));
  return tags;
}

absl::StatusOr<ExperimentKey> InsertExperiment(Transaction& transaction,
                                               const ExperimentRow& row) {
  Statement find = transaction.Prepare("SELECT 1 FROM experiment WHERE id = ?");
  find.Bind(row.id);
  if (find.Step())
    return absl::AlreadyExistsError(
        absl::StrCat("there is an experiment ", row.id, " already"));
  const std::string record = row.record.SerializeAsString();
  transaction
      .Prepare(
          "INSERT INTO experiment (id, title, user, experiment_hash, run_count,"
          " create_time_us, end_time_us, etag, priority, urgent, cpus,"
          " memory_bytes, time_us, preset, after, axes, record, notes, text,"
          " canonical_json, expected_seconds)"
          " VALUES (?,?,?,?,?, ?,?,?,?,?,?, ?,?,?,?,?,?,?,?, ?,?)")
      .Bind(row.id, row.title, row.user, row.experiment_hash, row.run_count,
            row.create_time_us, row.end_time_us, EtagOf(row.notes, row.tags),
            row.priority, row.urgent, row.resources.cpus,
            row.resources.memory_bytes, row.resources.time_us, row.preset,
            row.after, JoinAxes(row.axes), Blob{record}, row.notes, row.text,
            row.canonical_json, row.expected_seconds)
      .Run();
  const ExperimentKey key{transaction.LastKey()};
  StoreTags(transaction, key, row.tags);
  StoreConstants(transaction, key, row.constants);
  return key;
}

absl::StatusOr<ExperimentKey> FindExperiment(Reader& reader,
                                             absl::string_view id) {
  constexpr size_t kLeastPrefix = 4;
  if (id.size() < kLeastPrefix)
    return absl::InvalidArgumentError(absl::StrCat(
        "'", id,
        "' is too short: an experiment is named by its ten letters "
        "and digits or by the first four of them at least"));
  // Ids are letters and digits, so '~' comes after any that has the prefix.
  Statement find = reader.Prepare(
      "SELECT key, id FROM experiment WHERE id >= ?1 AND id < ?2 LIMIT 3");
  find.Bind(id, absl::StrCat(id, "~"));
  std::vector<std::string> ids;
  ExperimentKey key{};
  while (find.Step()) {
    if (ids.empty()) key = ExperimentKey{find.Int64(0)};
    ids.push_back(find.Text(1));
    if (ids.front() == id) return key;
  }
  if (ids.empty()) return NoExperiment(reader, id);
  if (ids.size() == 1) return key;
  return absl::InvalidArgumentError(
      absl::StrCat("several experiments begin with ", id, " (",
                   absl::StrJoin(ids, ", "), "): give more letters"));
}

ExperimentRow ReadExperiment(Reader& reader, ExperimentKey key,
                             bool with_constants) {
  Statement read =
      reader.Prepare(absl::StrCat("SELECT ", kExperimentColumns,
                                  ", e.text, e.canonical_json,"
                                  " e.expected_seconds FROM experiment e"
                                  " WHERE e.key = ?"));
  read.Bind(key);
  ENGRAM_EXPECT(read.Step());
  ExperimentRow row = ExperimentFromColumns(read);
  row.text = read.Text(kExperimentColumnCount);
  row.canonical_json = read.Text(kExperimentColumnCount + 1);
  row.expected_seconds = read.Real(kExperimentColumnCount + 2);
  row.tags = ReadTags(reader, key);
  if (with_constants) row.constants = ReadConstants(reader, key);
  return row;
}

ExperimentRow ExperimentFromColumns(const Statement& read) {
  ExperimentRow row;
  row.id = read.Text(0);
  row.title = read.Text(1);
  row.user = read.Text(2);
  row.experiment_hash = read.Text(3);
  row.run_count = read.Int64(4);
  row.create_time_us = read.Int64(5);
  row.end_time_us = read.MaybeInt64(6);
  row.etag = read.Text(7);
  row.priority = read.Int(8);
  row.urgent = read.Int(9) != 0;
  row.resources = {read.Int(10), read.Int64(11), read.Int64(12)};
  row.preset = read.Text(13);
  row.after = read.Text(14);
  row.axes = SplitAxes(read.View(15));
  const absl::string_view record = read.View(16);
  ENGRAM_EXPECT(row.record.ParseFromArray(record.data(),
                                          static_cast<int>(record.size())));
  row.notes = read.Text(17);
  row.key = ExperimentKey{read.Int64(18)};
  return row;
}

std::vector<ExperimentKey> OpenExperiments(Reader& reader) {
  Statement read = reader.Prepare(
      "SELECT key FROM experiment WHERE end_time_us IS NULL"
      " UNION SELECT experiment FROM run WHERE state IN"
      " ('queued', 'starting', 'running', 'cancelling')"
      " UNION SELECT experiment FROM claim WHERE outcome = 'pending'"
      " ORDER BY 1");
  std::vector<ExperimentKey> keys;
  while (read.Step()) keys.push_back(ExperimentKey{read.Int64(0)});
  return keys;
}

std::map<std::string, int64_t> StateCounts(Reader& reader, ExperimentKey key) {
  Statement read = reader.Prepare(
      "SELECT state, count(*) FROM run WHERE experiment = ? AND state IN"
      " ('queued', 'starting', 'running', 'cancelling', 'succeeded', 'failed',"
      "  'cancelled', 'timed_out') GROUP BY state");
  read.Bind(key);
  std::map<std::string, int64_t> counts;
  while (read.Step()) counts[read.Text(0)] = read.Int64(1);
  return counts;
}

std::map<std::string, int64_t> StateCounts(Reader& reader) {
  Statement read =
      reader.Prepare("SELECT state, count(*) FROM run GROUP BY state");
  std::map<std::string, int64_t> counts;
  while (read.Step()) counts[read.Text(0)] = read.Int64(1);
  return counts;
}

int64_t CountExperiments(Reader& reader) {
  Statement read = reader.Prepare("SELECT count(*) FROM experiment");
  ENGRAM_EXPECT(read.Step());
  return read.Int64(0);
}

int64_t StoredBytes(Reader& reader, ExperimentKey key) {
  Statement read = reader.Prepare(
      "SELECT coalesce(sum(stored_bytes), 0) FROM run WHERE experiment = ?");
  read.Bind(key);
  ENGRAM_EXPECT(read.Step());
  return read.Int64(0);
}

int64_t StoredBytesOfUser(Reader& reader, absl::string_view user) {
  Statement read = reader.Prepare(
      "SELECT coalesce(sum(r.stored_bytes), 0) FROM experiment e"
      " JOIN run r ON r.experiment = e.key WHERE e.user = ?");
  read.Bind(user);
  ENGRAM_EXPECT(read.Step());
  return read.Int64(0);
}

int64_t QueuedRunsOfUser(Reader& reader, absl::string_view user) {
  Statement read = reader.Prepare(
      "SELECT count(*) FROM run r JOIN experiment e ON e.key = r.experiment"
      " WHERE r.state = 'queued' AND e.user = ?");
  read.Bind(user);
  ENGRAM_EXPECT(read.Step());
  return read.Int64(0);
}

void SetExperimentEnd(Transaction& transaction, ExperimentKey key,
                      std::optional<int64_t> end_time_us) {
  transaction.Prepare("UPDATE experiment SET end_time_us = ? WHERE key = ?")
      .Bind(end_time_us, key)
      .Run();
}

absl::StatusOr<std::string> UpdateNotes(Transaction& transaction,
                                        ExperimentKey key,
                                        absl::string_view etag,
                                        absl::string_view notes,
                                        const std::vector<std::string>& tags,
                                        int64_t now_us) {
  {
    Statement read =
        transaction.Prepare("SELECT etag, id FROM experiment WHERE key = ?");
    read.Bind(key);
    ENGRAM_EXPECT(read.Step());
    if (!etag.empty() && etag != read.View(0))
      return absl::AbortedError(absl::StrCat(
          "experiment ", read.View(1),
          " was changed by somebody else in the meantime (etag ", etag,
          ", stored ", read.View(0), "): read it again, then change it"));
  }
  const std::string new_etag = EtagOf(notes, tags);
  transaction.Prepare("UPDATE experiment SET notes = ?, etag = ? WHERE key = ?")
      .Bind(notes, new_etag, key)
      .Run();
  transaction.Prepare("DELETE FROM experiment_tag WHERE experiment = ?")
      .Bind(key)
      .Run();
  StoreTags(transaction, key, tags);
  StoredEvent event;
  event.time_us = now_us;
  event.experiment = key;
  v1::NoteChanged& note = *event.payload.mutable_note();
  note.set_notes(std::string(notes));
  for (std::string& tag : ReadTags(transaction, key)) note.add_tags(tag);
  note.set_etag(new_etag);
  transaction.Append(std::move(event));
  return new_etag;
}

absl::Status DeleteExperiment(Transaction& transaction, ExperimentKey key) {
  Statement active = transaction.Prepare(
      "SELECT count(*) FROM run WHERE experiment = ? AND state IN"
      " ('queued', 'starting', 'running', 'cancelling')");
  active.Bind(key);
  ENGRAM_EXPECT(active.Step());
  if (active.Int64(0) > 0)
    return absl::FailedPreconditionError(
        absl::StrCat(active.Int64(0),
                     " runs of the experiment have not ended: cancel it, "
                     "then delete it"));
  // Its rows would go from under the worker that executes it.
  Statement verified = transaction.Prepare(
      "SELECT count(*) FROM verification v JOIN run r ON r.key = v.run"
      " WHERE v.outcome = 'pending' AND r.experiment = ?");
  verified.Bind(key);
  ENGRAM_EXPECT(verified.Step());
  if (verified.Int64(0) > 0)
    return absl::FailedPreconditionError(
        absl::StrCat(verified.Int64(0),
                     " verifications of its runs have not ended: wait for "
                     "their outcome, then delete it"));
  // Everything that hangs on it goes with it (ON DELETE CASCADE).
  transaction.Prepare("DELETE FROM experiment WHERE key = ?").Bind(key).Run();
  return absl::OkStatus();
}

std::vector<std::string> AllTags(Reader& reader) {
  Statement read =
      reader.Prepare("SELECT DISTINCT tag FROM experiment_tag ORDER BY tag");
  std::vector<std::string> tags;
  while (read.Step()) tags.push_back(read.Text(0));
  return tags;
}

}  // namespace engram::store
