#include "server/queue/move_run.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"

namespace engram {

absl::Status MoveRun(store::Transaction& transaction, store::RunKey key,
                     RunState from, RunState to, store::StateChange change) {
  ENGRAM_EXPECT(IsAllowed(from, to));
  change.from = std::string(RunStateName(from));
  change.to = std::string(RunStateName(to));
  if (HasEnded(to)) change.end_time_us = change.now_us;
  if (store::ChangeState(transaction, key, change)) return absl::OkStatus();
  return absl::AbortedError(absl::StrCat("the run is no longer ", change.from));
}

RunState StateOf(const store::RunRow& row) {
  const auto state = ParseRunState(row.state);
  ENGRAM_EXPECT(state.has_value());
  return *state;
}

}  // namespace engram
