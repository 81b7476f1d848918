#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engram/store/v1/array.pb.h"
#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

// A run's whole state between two ticks, as the build that wrote it has it.
struct CheckpointRow {
  RunKey run{};
  bool is_final = false;   // in which the run SUCCEEDED
  int64_t tick = 0;        // ticks that were done
  int64_t item_count = 0;  // recorded until then, over all attempts
  int attempt = 0;         // that saved it
  std::string build{};
  int64_t time_us = 0;
  int64_t stood_still_us = 0;  // how long the run stood still for it
  v1::ArrayManifest manifest{};
};

// How many states of a run that goes on are kept: should the newest turn out
// to be unreadable, there is the one before.
inline constexpr int kKeptCheckpoints = 2;

// Stores the row, in place of one of the same tick, and removes those that it
// makes superfluous. Its chunks are durable before: the caller sees to that.
void StoreCheckpoint(Transaction& transaction, const CheckpointRow& row);

// What of a run's states is left when the run has ended.
enum class KeptState { kNone, kLast, kFinal };
void KeepAtEnd(Transaction& transaction, RunKey run, KeptState kept);
// Of a run that goes on: those from this tick on are unreadable.
void DropCheckpointsFrom(Transaction& transaction, RunKey run, int64_t tick);

// To go on from: newest first, without the final state.
std::vector<CheckpointRow> ReadCheckpoints(Reader& reader, RunKey run);
// The state in which a run SUCCEEDED; nothing when its worker saved none.
std::optional<CheckpointRow> FindFinalState(Reader& reader, RunKey run);

}  // namespace engram::store
