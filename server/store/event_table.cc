#include "server/store/event_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/contract.h"
#include "server/store/row_columns.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

StoredEvent FromRow(const Statement& row) {
  StoredEvent event;
  event.sequence = row.Int64(0);
  event.time_us = row.Int64(1);
  event.experiment = ExperimentKey{row.Int64(2)};
  if (!row.IsNull(3)) event.run = RunKey{row.Int64(3)};
  event.experiment_id = row.Text(4);
  if (!row.IsNull(5)) event.point = row.Int64(5);
  const absl::string_view payload = row.View(6);
  ENGRAM_EXPECT(event.payload.ParseFromArray(payload.data(),
                                             static_cast<int>(payload.size())));
  return event;
}

// Keys are our own integers: written into the text, they need no bound on
// their number.
template <class Key>
std::string In(const std::vector<Key>& keys) {
  return absl::StrCat("(",
                      absl::StrJoin(keys, ",",
                                    [](std::string* out, Key key) {
                                      absl::StrAppend(out, Int(key));
                                    }),
                      ")");
}

std::string EventText(const EventQuery& query) {
  std::string text =
      "SELECT v.sequence, v.time_us, v.experiment, v.run, e.id, r.point,"
      " v.payload FROM event v JOIN experiment e ON e.key = v.experiment"
      " LEFT JOIN run r ON r.key = v.run WHERE v.sequence > ?";
  if (!query.experiments.empty())
    absl::StrAppend(&text, " AND v.experiment IN ", In(query.experiments));
  if (!query.runs.empty())
    absl::StrAppend(&text, " AND (v.run IS NULL OR v.run IN ", In(query.runs),
                    ")");
  return absl::StrCat(text, " ORDER BY v.sequence LIMIT ?");
}

}  // namespace

std::vector<StoredEvent> ReadEvents(Reader& reader, const EventQuery& query) {
  Statement read = reader.PrepareOnce(EventText(query));
  read.Bind(query.after_sequence, query.limit);
  std::vector<StoredEvent> events;
  while (read.Step()) events.push_back(FromRow(read));
  return events;
}

StoredEvent EventOfRun(Reader& reader, RunKey run, int64_t now_us) {
  Statement read = reader.Prepare(
      "SELECT r.experiment, r.point, e.id FROM run r"
      " JOIN experiment e ON e.key = r.experiment WHERE r.key = ?");
  read.Bind(run);
  ENGRAM_EXPECT(read.Step());
  StoredEvent event;
  event.time_us = now_us;
  event.experiment = ExperimentKey{read.Int64(0)};
  event.run = run;
  event.point = read.Int64(1);
  event.experiment_id = read.Text(2);
  return event;
}

int64_t LastSequence(Reader& reader) {
  // Not the greatest that is kept: numbers are never used again.
  Statement read =
      reader.Prepare("SELECT seq FROM sqlite_sequence WHERE name = 'event'");
  return read.Step() ? read.Int64(0) : 0;
}

int64_t ForgottenSequence(Reader& reader) {
  Statement read = reader.Prepare(
      "SELECT value FROM meta WHERE name = 'forgotten_sequence'");
  return read.Step() ? read.Int64(0) : 0;
}

int64_t ForgetEvents(Transaction& transaction, int64_t ended_before_us,
                     int limit) {
  Statement forget = transaction.Prepare(
      "DELETE FROM event WHERE sequence IN ("
      " SELECT v.sequence FROM event v"
      " LEFT JOIN run r ON r.key = v.run"
      " JOIN experiment e ON e.key = v.experiment"
      " WHERE v.time_us < ?1 AND ((v.run IS NOT NULL AND r.end_time_us < ?1)"
      "  OR (v.run IS NULL AND e.end_time_us < ?1))"
      " ORDER BY v.sequence LIMIT ?2) RETURNING sequence");
  forget.Bind(ended_before_us, limit);
  int64_t count = 0;
  int64_t greatest = ForgottenSequence(transaction);
  while (forget.Step()) {
    ++count;
    greatest = std::max(greatest, forget.Int64(0));
  }
  transaction
      .Prepare(
          "INSERT INTO meta (name, value)"
          " VALUES ('forgotten_sequence', ?)"
          " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
      .Bind(greatest)
      .Run();
  return count;
}

}  // namespace engram::store
