#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "server/store/keys.h"

namespace engram::store {

class Transaction;
struct StateChange;

// Whether it is one of the eight states' names.
bool IsStateName(absl::string_view name);
// Whether a run in it has ended.
bool IsEndState(absl::string_view name);

// The run that changed, as far as an event says it.
struct ChangedRun {
  ExperimentKey experiment{};
  RunKey key{};
  int64_t point = 0;
  int attempt = 0;
};

// Stores the transition under the number of its state event.
void RecordChange(Transaction& transaction, const ChangedRun& run,
                  const StateChange& change);

}  // namespace engram::store
