#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"

namespace engram {

// Where a run is in its life; numbered as in the wire contract.
// server/queue/README.md draws the changes.
enum class RunState {
  kQueued = 1,      // waits for a worker
  kStarting = 2,    // given to a worker that has not yet begun
  kRunning = 3,     // a worker holds a lease that has not lapsed
  kCancelling = 4,  // asked to stop; its worker has not yet
  kSucceeded = 5,
  kFailed = 6,
  kCancelled = 7,
  kTimedOut = 8,
};

// Every state, in order.
std::span<const RunState> AllRunStates();

// "queued", as the store has it, and back.
absl::string_view RunStateName(RunState state);
std::optional<RunState> ParseRunState(absl::string_view name);

// One allowed change of state.
struct RunStateChange {
  RunState from;
  RunState to;
  absl::string_view cause;
};
// All of them: a change that is not here is a ContractViolation.
std::span<const RunStateChange> RunStateChanges();
bool IsAllowed(RunState from, RunState to);

// SUCCEEDED, FAILED, CANCELLED, TIMED_OUT.
bool HasEnded(RunState state);
// STARTING, RUNNING, CANCELLING: a worker has it in hand.
bool IsHeld(RunState state);
// FAILED, CANCELLED, TIMED_OUT: retry and continue take these.
bool CanBeRetried(RunState state);

}  // namespace engram
