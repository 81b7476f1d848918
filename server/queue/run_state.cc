#include "server/queue/run_state.h"

#include <algorithm>
#include <array>

namespace engram {
namespace {

using enum RunState;

constexpr std::array kStates = {kQueued,    kStarting, kRunning,   kCancelling,
                                kSucceeded, kFailed,   kCancelled, kTimedOut};

constexpr std::array<absl::string_view, 8> kNames = {
    "queued",    "starting", "running",   "cancelling",
    "succeeded", "failed",   "cancelled", "timed_out"};

constexpr RunStateChange kChanges[] = {
    {kQueued, kStarting, "assigned to a worker"},
    {kQueued, kCancelled, "cancelled before it was assigned"},
    {kStarting, kRunning, "its worker has begun"},
    {kStarting, kQueued, "handed back, or its worker died"},
    {kStarting, kCancelling, "cancelled while in a worker's hand"},
    {kStarting, kFailed, "its workers died too often, or it cannot start"},
    {kRunning, kSucceeded, "came to its end"},
    {kRunning, kFailed, "failed, or its workers died too often"},
    {kRunning, kTimedOut, "its time limit passed"},
    {kRunning, kCancelling, "asked to stop"},
    {kRunning, kQueued, "its worker died, or the server drains"},
    {kCancelling, kSucceeded, "came to its end before it was stopped"},
    {kCancelling, kFailed, "failed before it was stopped"},
    {kCancelling, kTimedOut, "its time limit passed before it was stopped"},
    {kCancelling, kCancelled, "has stopped, or was killed"},
    {kFailed, kQueued, "retried or continued"},
    {kCancelled, kQueued, "retried or continued"},
    {kTimedOut, kQueued, "retried or continued"},
};

}  // namespace

std::span<const RunState> AllRunStates() { return kStates; }

absl::string_view RunStateName(RunState state) {
  return kNames[static_cast<std::size_t>(state) - 1];
}

std::optional<RunState> ParseRunState(absl::string_view name) {
  const auto it = std::find(kNames.begin(), kNames.end(), name);
  if (it == kNames.end()) return std::nullopt;
  return kStates[static_cast<std::size_t>(it - kNames.begin())];
}

std::span<const RunStateChange> RunStateChanges() { return kChanges; }

bool IsAllowed(RunState from, RunState to) {
  return std::any_of(std::begin(kChanges), std::end(kChanges),
                     [&](const RunStateChange& change) {
                       return change.from == from && change.to == to;
                     });
}

bool HasEnded(RunState state) { return state >= kSucceeded; }

bool IsHeld(RunState state) { return state >= kStarting && state < kSucceeded; }

bool CanBeRetried(RunState state) { return state > kSucceeded; }

}  // namespace engram
