#pragma once

#include "absl/status/status.h"
#include "server/queue/run_state.h"
#include "server/store/run_table.h"

namespace engram {

// The one way by which a run's state changes: ContractViolation for a change
// that the table does not allow, ABORTED when the run is not in `from`.
absl::Status MoveRun(store::Transaction& transaction, store::RunKey key,
                     RunState from, RunState to, store::StateChange change);

// The state of a row, as the store names it.
RunState StateOf(const store::RunRow& row);

}  // namespace engram
