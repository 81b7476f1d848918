#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "server/queue/recorded_item.h"
#include "server/queue/run_state.h"

namespace engram {

// The messages of Workers.Attach as plain values: the queue knows no wire.

// Which attempt, and the token that fences it.
struct AttemptKey {
  std::string attempt;  // "experiments/k7m2q9xw4p/runs/17/attempts/1"
  int64_t fencing_token = 0;

  friend bool operator==(const AttemptKey&, const AttemptKey&) = default;
};

struct WorkerRegistration {
  std::string build;  // SHA-256 in hex of its own file
  std::string host;
  int64_t pid = 0;
  int cpus = 1;
  int64_t memory_bytes = 0;
  std::vector<std::string> instruction_sets;
  // What it still holds, attempts whose events are not all acknowledged
  // included.
  std::vector<AttemptKey> held;
};

struct AttachedAs {
  std::string worker;  // "workers/3"
  int64_t stored_event = 0;
};

struct RunFault {
  std::string reason;   // a constant: DIVERGED, WORKER_DIED, MEMORY, ...
  std::string message;  // for people

  friend bool operator==(const RunFault&, const RunFault&) = default;
};

// A run's whole state between two ticks.
struct SavedState {
  RecordedManifest manifest;  // of its bytes
  int64_t tick = 0;
  int64_t item_count = 0;  // recorded until then, over all attempts
};

struct WorkAssignment {
  AttemptKey key;
  std::string tree_json;
  int64_t metrics_every = 1;
  std::map<std::string, std::vector<int64_t>> snapshots;
  int cpus = 1;
  int64_t memory_bytes = 0;
  int64_t time_s = 0;  // what is left of the limit; 0: no limit
  bool verify = false;
  std::optional<SavedState> resume;  // absent: from the beginning
  // Arrays that the tree names by digest; their chunks are in the store.
  std::vector<RecordedManifest> inputs = {};
};

struct BegunReport {};
struct ItemsReport {
  int64_t first_ordinal = 1;
  std::vector<RecordedItem> items;
};
struct CheckpointReport {
  SavedState state;
  bool is_final = false;  // in which the run SUCCEEDED
  int64_t stood_still_us = 0;
};
struct FinishedReport {
  // An ended one, or QUEUED of an attempt that was asked to yield.
  RunState state = RunState::kSucceeded;
  RunFault fault;           // when FAILED
  std::string result_hash;  // when SUCCEEDED
  int64_t item_count = 0;
  double cpu_seconds = 0;
  int64_t peak_memory_bytes = 0;
};
struct WorkerReport {
  int64_t number = 0;  // from 1 for each worker process
  AttemptKey key;
  std::variant<BegunReport, ItemsReport, CheckpointReport, FinishedReport>
      content;
};

struct LiveProgress {
  int64_t tick = 0;
  int64_t total = 0;
  std::string tick_name;
  double ticks_per_second = 0;
  std::optional<int64_t> remaining_us;
};
// As engram.v1.Activity has it.
struct LiveActivity {
  PopulationInfo population;
  int64_t begin_step = 0;
  int64_t end_step = 0;
  int64_t column_steps = 1;
  int rows = 0;
  std::string cells;
  std::vector<int64_t> counts;
};
struct LiveReport {
  AttemptKey key;
  std::optional<LiveProgress> progress;
  std::string name;  // of a preview; empty for none
  std::vector<double> values;
  std::optional<LiveActivity> activity{};
};

// How a worker's process ended.
struct WorkerEnd {
  std::string status;  // "exited with status 1", "was killed by signal 9"
  int64_t peak_memory_bytes = 0;
  bool out_of_memory = false;  // killed for a resident size above its limit
};

// Why an attempt is asked to stop: for good, or to go on later or elsewhere.
// Its state is saved either way.
enum class StopPurpose { kCancel, kYield };

// The way to one attached worker. Called with the queue's lock held: an
// implementation only puts the message into its own outbox. Order is kept.
class WorkerLink {
 public:
  virtual ~WorkerLink() = default;
  // Comes first.
  virtual void Registered(const AttachedAs& as) = 0;
  virtual void Assign(const WorkAssignment& assignment) = 0;
  virtual void Stop(const AttemptKey& key, StopPurpose purpose) = 0;
  virtual void Acknowledge(int64_t event) = 0;
  virtual void Quit() = 0;
  // Ends the stream; nothing is sent after it.
  virtual void Close(const absl::Status& why) = 0;
};

}  // namespace engram
