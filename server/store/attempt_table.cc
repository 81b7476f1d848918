#include "server/store/attempt_table.h"

#include <utility>

#include "server/store/row_columns.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

void AppendEvent(Transaction& transaction, const AttemptRow& row,
                 int64_t now_us) {
  StoredEvent event = EventOfRun(transaction, row.run, now_us);
  v1::AttemptChanged& attempt = *event.payload.mutable_attempt();
  attempt.set_number(row.number);
  attempt.set_worker(row.worker);
  attempt.set_host(row.host);
  attempt.set_build(row.build);
  attempt.set_start_time_us(row.start_time_us);
  attempt.set_end_time_us(row.end_time_us.value_or(0));
  attempt.set_end_state(row.end_state);
  attempt.set_error_reason(row.error_reason);
  attempt.set_error_message(row.error_message);
  attempt.set_cpu_seconds(row.cpu_seconds);
  attempt.set_peak_memory_bytes(row.peak_memory_bytes);
  attempt.set_resumed_tick(row.resumed_tick);
  transaction.Append(std::move(event));
}

}  // namespace

void StoreAttempt(Transaction& transaction, const AttemptRow& row,
                  int64_t now_us) {
  transaction
      .Prepare(
          "INSERT INTO attempt (run, number, worker, host, build,"
          " fencing_token, start_time_us, end_time_us, end_state,"
          " error_reason, error_message, cpu_seconds, peak_memory_bytes,"
          " resumed_tick, resumed_item)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          " ON CONFLICT (run, number) DO UPDATE SET worker = excluded.worker,"
          " host = excluded.host, build = excluded.build,"
          " fencing_token = excluded.fencing_token,"
          " start_time_us = excluded.start_time_us,"
          " end_time_us = excluded.end_time_us,"
          " end_state = excluded.end_state,"
          " error_reason = excluded.error_reason,"
          " error_message = excluded.error_message,"
          " cpu_seconds = excluded.cpu_seconds,"
          " peak_memory_bytes = excluded.peak_memory_bytes,"
          " resumed_tick = excluded.resumed_tick,"
          " resumed_item = excluded.resumed_item")
      .Bind(row.run, row.number, row.worker, row.host, row.build,
            row.fencing_token, row.start_time_us, row.end_time_us,
            row.end_state, row.error_reason, row.error_message, row.cpu_seconds,
            row.peak_memory_bytes, row.resumed_tick, row.resumed_item)
      .Run();
  AppendEvent(transaction, row, now_us);
}

std::vector<AttemptRow> ReadAttempts(Reader& reader, RunKey run) {
  Statement read = reader.Prepare(
      "SELECT number, worker, host, build, fencing_token, start_time_us,"
      " end_time_us, end_state, error_reason, error_message, cpu_seconds,"
      " peak_memory_bytes, resumed_tick, resumed_item FROM attempt WHERE run = "
      "? ORDER BY number");
  read.Bind(run);
  std::vector<AttemptRow> rows;
  while (read.Step())
    rows.push_back({run, read.Int(0), read.Text(1), read.Text(2), read.Text(3),
                    read.Int64(4), read.Int64(5), read.MaybeInt64(6),
                    read.Text(7), read.Text(8), read.Text(9), read.Real(10),
                    read.Int64(11), read.Int64(12), read.Int64(13)});
  return rows;
}

int64_t LastStoredUs(Reader& reader, RunKey run) {
  Statement read = reader.Prepare(
      "SELECT time_us FROM event WHERE run = ? ORDER BY sequence DESC LIMIT 1");
  read.Bind(run);
  return read.Step() ? read.Int64(0) : 0;
}

int64_t LastFencingToken(Reader& reader) {
  // A run holds the token of an attempt that was assigned and never begun.
  Statement read = reader.Prepare(
      "SELECT max(coalesce((SELECT max(fencing_token) FROM attempt), 0),"
      " coalesce((SELECT max(fencing_token) FROM run), 0))");
  return read.Step() ? read.Int64(0) : 0;
}

}  // namespace engram::store
