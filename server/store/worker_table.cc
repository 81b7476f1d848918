#include "server/store/worker_table.h"

#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {

int64_t InsertWorker(Transaction& transaction, const WorkerRow& row) {
  transaction
      .Prepare(
          "INSERT INTO worker (host, pid, build, cpus, memory_bytes,"
          " connect_time_us, end_time_us, stored_event, token_digest)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .Bind(row.host, row.pid, row.build, row.cpus, row.memory_bytes,
            row.connect_time_us, row.end_time_us, row.stored_event,
            row.token_digest)
      .Run();
  return transaction.LastKey();
}

void IdentifyWorker(Transaction& transaction, const WorkerRow& row) {
  transaction
      .Prepare(
          "UPDATE worker SET host = ?, pid = ?, build = ?, cpus = ?,"
          " memory_bytes = ?, connect_time_us = ? WHERE number = ?")
      .Bind(row.host, row.pid, row.build, row.cpus, row.memory_bytes,
            row.connect_time_us, row.number)
      .Run();
}

std::vector<WorkerRow> ReadLiveWorkers(Reader& reader) {
  Statement read = reader.Prepare(
      "SELECT number, host, pid, build, cpus, memory_bytes, connect_time_us,"
      " end_time_us, stored_event, token_digest FROM worker"
      " WHERE end_time_us IS NULL ORDER BY number");
  std::vector<WorkerRow> rows;
  while (read.Step())
    rows.push_back({read.Int64(0), read.Text(1), read.Int64(2), read.Text(3),
                    read.Int(4), read.Int64(5), read.Int64(6),
                    read.MaybeInt64(7), read.Int64(8), read.Text(9)});
  return rows;
}

void EndWorker(Transaction& transaction, int64_t number, int64_t now_us) {
  transaction.Prepare("UPDATE worker SET end_time_us = ? WHERE number = ?")
      .Bind(now_us, number)
      .Run();
}

void SetStoredEvent(Transaction& transaction, int64_t number, int64_t event) {
  transaction.Prepare("UPDATE worker SET stored_event = ? WHERE number = ?")
      .Bind(event, number)
      .Run();
}

void StoreBuild(Transaction& transaction, const BuildRow& row) {
  transaction
      .Prepare(
          "INSERT OR IGNORE INTO build (id, first_seen_us, byte_size)"
          " VALUES (?, ?, ?)")
      .Bind(row.id, row.first_seen_us, row.byte_size)
      .Run();
}

std::vector<BuildRow> ReadBuilds(Reader& reader) {
  Statement read = reader.Prepare(
      "SELECT id, first_seen_us, byte_size FROM build"
      " ORDER BY first_seen_us, id");
  std::vector<BuildRow> rows;
  while (read.Step())
    rows.push_back({read.Text(0), read.Int64(1), read.Int64(2)});
  return rows;
}

void RemoveBuild(Transaction& transaction, absl::string_view id) {
  transaction.Prepare("DELETE FROM build WHERE id = ?").Bind(id).Run();
}

std::set<std::string> NamedBuilds(Reader& reader) {
  Statement read = reader.Prepare(
      "SELECT build FROM run UNION SELECT build FROM checkpoint"
      " UNION SELECT build FROM verification WHERE outcome = 'pending'");
  std::set<std::string> builds;
  while (read.Step()) builds.insert(read.Text(0));
  builds.erase("");
  return builds;
}

}  // namespace engram::store
