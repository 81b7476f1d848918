#include "server/store/log_table.h"

#include <utility>

#include "core/base/contract.h"
#include "server/store/row_columns.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {

int64_t AppendLog(Transaction& transaction, RunKey run, const LogRow& line) {
  int64_t number = 1;
  {
    Statement last = transaction.Prepare(
        "SELECT coalesce(max(number), 0) FROM log_line WHERE run = ?");
    last.Bind(run);
    ENGRAM_EXPECT(last.Step());
    number += last.Int64(0);
  }
  transaction
      .Prepare(
          "INSERT INTO log_line (run, number, time_us, attempt, level,"
          " text) VALUES (?, ?, ?, ?, ?, ?)")
      .Bind(run, number, line.time_us, line.attempt, line.level, line.text)
      .Run();
  transaction
      .Prepare("UPDATE run SET stored_bytes = stored_bytes + ? WHERE key = ?")
      .Bind(line.text.size(), run)
      .Run();
  StoredEvent event = EventOfRun(transaction, run, line.time_us);
  v1::LogWritten& log = *event.payload.mutable_log();
  log.set_number(number);
  log.set_attempt(line.attempt);
  log.set_level(line.level);
  log.set_text(line.text);
  transaction.Append(std::move(event));
  return number;
}

std::vector<LogRow> ReadLog(Reader& reader, RunKey run, int64_t after,
                            int limit) {
  Statement read = reader.Prepare(
      "SELECT number, time_us, attempt, level, text FROM log_line"
      " WHERE run = ? AND number > ? ORDER BY number LIMIT ?");
  read.Bind(run, after, limit);
  std::vector<LogRow> lines;
  while (read.Step())
    lines.push_back({read.Int64(0), read.Int64(1), read.Int(2), read.Text(3),
                     read.Text(4)});
  return lines;
}

}  // namespace engram::store
