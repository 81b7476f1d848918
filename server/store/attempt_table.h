#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

// One execution of a run by a worker.
struct AttemptRow {
  RunKey run{};
  int number = 0;        // from 1
  std::string worker{};  // "workers/3"
  std::string host{};
  std::string build{};
  int64_t fencing_token = 0;
  int64_t start_time_us = 0;
  std::optional<int64_t> end_time_us{};
  std::string end_state{};  // empty while it runs
  std::string error_reason{};
  std::string error_message{};
  double cpu_seconds = 0;
  int64_t peak_memory_bytes = 0;
  // Of the checkpoint that it went on from; 0: it began at the start.
  int64_t resumed_tick = 0;
  int64_t resumed_item = 0;  // items recorded until there
};

// Stores the attempt, or what became of it when it is there already, and
// appends the attempt event.
void StoreAttempt(Transaction& transaction, const AttemptRow& row,
                  int64_t now_us);
// Oldest first.
std::vector<AttemptRow> ReadAttempts(Reader& reader, RunKey run);
// When something of the run was stored last: a change of state, an item; 0 when
// no event of it is kept.
int64_t LastStoredUs(Reader& reader, RunKey run);
// The greatest token given so far; 0 for none.
int64_t LastFencingToken(Reader& reader);

}  // namespace engram::store
