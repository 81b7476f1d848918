#include "server/store/run_states.h"

#include <utility>
#include <vector>

#include "core/base/contract.h"
#include "server/store/run_table.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {

bool IsStateName(absl::string_view name) {
  return name == "queued" || name == "starting" || name == "running" ||
         name == "cancelling" || IsEndState(name);
}

bool IsEndState(absl::string_view name) {
  return name == "succeeded" || name == "failed" || name == "cancelled" ||
         name == "timed_out";
}

void RecordChange(Transaction& transaction, const ChangedRun& run,
                  const StateChange& change) {
  StoredEvent event;
  event.time_us = change.now_us;
  event.experiment = run.experiment;
  event.run = run.key;
  event.point = run.point;
  v1::StateChanged& state = *event.payload.mutable_state();
  state.set_from_state(change.from);
  state.set_to_state(change.to);
  state.set_actor(change.actor);
  state.set_reason(change.reason);
  state.set_attempt(run.attempt);
  const int64_t sequence = transaction.Append(std::move(event));
  transaction
      .Prepare(
          "INSERT INTO transition (run, sequence, from_state, to_state,"
          " time_us, actor, reason, attempt)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .Bind(run.key, sequence, change.from, change.to, change.now_us,
            change.actor, change.reason, run.attempt)
      .Run();
}

bool ChangeState(Transaction& transaction, RunKey key,
                 const StateChange& change) {
  ENGRAM_EXPECT(IsStateName(change.from) && IsStateName(change.to));
  ENGRAM_EXPECT(IsEndState(change.to) == change.end_time_us.has_value());
  ChangedRun run{.key = key};
  {
    // OR FAIL, so that SQLite keeps no journal for this statement alone: within
    // a large transaction it walks over that journal at every statement's end,
    // and the cost of n changes grows with n squared. One row is changed or
    // none.
    Statement update = transaction.Prepare(
        "UPDATE OR FAIL run SET state = ?3, state_actor = ?4, state_reason = "
        "?5,"
        " state_time_us = ?6, attempt = coalesce(?7, attempt),"
        " fencing_token = coalesce(?8, fencing_token),"
        " worker = coalesce(?9, worker), build = coalesce(?10, build),"
        " result_hash = coalesce(?11, result_hash),"
        " error_reason = coalesce(?12, error_reason),"
        " error_message = coalesce(?13, error_message),"
        " start_time_us = coalesce(start_time_us, ?14), end_time_us = ?15"
        " WHERE key = ?1 AND state = ?2 RETURNING experiment, point, attempt");
    update.Bind(key, change.from, change.to, change.actor, change.reason,
                change.now_us, change.attempt, change.fencing_token,
                change.worker, change.build, change.result_hash,
                change.error_reason, change.error_message, change.start_time_us,
                change.end_time_us);
    if (!update.Step()) return false;
    run.experiment = ExperimentKey{update.Int64(0)};
    run.point = update.Int64(1);
    run.attempt = update.Int(2);
    ENGRAM_EXPECT(!update.Step());
  }
  RecordChange(transaction, run, change);
  return true;
}

std::vector<TransitionRow> ReadTransitions(Reader& reader, RunKey key) {
  Statement read = reader.Prepare(
      "SELECT from_state, to_state, time_us, actor, reason, attempt"
      " FROM transition WHERE run = ? ORDER BY sequence");
  read.Bind(key);
  std::vector<TransitionRow> rows;
  while (read.Step())
    rows.push_back({read.Text(0), read.Text(1), read.Int64(2), read.Text(3),
                    read.Text(4), read.Int(5)});
  return rows;
}

}  // namespace engram::store
