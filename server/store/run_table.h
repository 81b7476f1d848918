#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/experiment_table.h"
#include "server/store/keys.h"
#include "server/store/named_value.h"

namespace engram::store {

// A run in the making: one point of an experiment.
struct NewRun {
  int64_t point = 0;
  uint64_t seed = 0;
  std::string run_hash{};   // "s1:..."
  std::string tree_json{};  // canonical JSON of tree and seed
  // Parameters that vary within the experiment.
  std::vector<NamedValue> varying{};
};

struct RunRow {
  RunKey key{};
  ExperimentKey experiment{};
  std::string experiment_id{};
  std::string title{};  // of the experiment
  std::string user{};   // of the experiment
  int64_t point = 0;
  // queued, starting, running, cancelling, succeeded, failed, cancelled,
  // timed_out.
  std::string state{};
  std::string state_actor{};  // "users/ada", "server", "workers/3"
  std::string state_reason{};
  int64_t state_time_us = 0;
  int64_t create_time_us = 0;
  std::optional<int64_t> start_time_us{};  // of the first attempt
  std::optional<int64_t> end_time_us{};
  int attempt = 0;             // attempts begun
  int64_t fencing_token = 0;   // of the present or last attempt
  int64_t stored_ordinal = 0;  // of the newest recorded item; counts from 1
  uint64_t seed = 0;
  std::string run_hash{};
  std::string result_hash{};  // empty until succeeded
  std::string build{};        // that executed it last; empty before
  std::string worker{};       // "workers/3"; empty before the first attempt
  std::string error_reason{};
  std::string error_message{};
  ResourceRow resources;
  double cpu_seconds = 0;    // over all attempts
  int64_t wall_time_us = 0;  // over all attempts that have ended
  int64_t stored_bytes = 0;  // of its series, arrays and log
  int64_t tick = 0;          // progress when last stored
  int64_t tick_total = 0;    // 0: not known
  std::string tick_name{};
};

// How long the runs of an experiment that have succeeded took.
struct RunLengths {
  int64_t run_count = 0;
  double mean_s = 0;
};
RunLengths LengthsOfRuns(Reader& reader, ExperimentKey experiment);

// Stores runs of one experiment as queued, with transition and state event
// each. Trees are compressed against the experiment's canonical JSON: 10,000
// take well under a second.
std::vector<RunKey> InsertRuns(Transaction& transaction,
                               ExperimentKey experiment,
                               std::span<const NewRun> runs,
                               const ResourceRow& resources,
                               absl::string_view actor,
                               absl::string_view reason, int64_t now_us);

// NOT_FOUND says which points there are.
absl::StatusOr<RunKey> FindRun(Reader& reader, ExperimentKey experiment,
                               int64_t point);
// ContractViolation when the key is not that of a row.
RunRow ReadRun(Reader& reader, RunKey key);
// Of one experiment by point; those in one of `states`, all for none.
std::vector<RunRow> ReadRuns(Reader& reader, ExperimentKey experiment,
                             std::span<const std::string> states = {});
// Canonical JSON of tree and seed. DATA_LOSS when it cannot be decompressed.
absl::StatusOr<std::string> ReadTree(Reader& reader, RunKey key);

// What varies, by name; what the run found, by name.
std::vector<NamedValue> ReadVarying(Reader& reader, RunKey key);
std::vector<SummaryRow> ReadSummary(Reader& reader, RunKey key);
// Replaces the value of that name.
void StoreSummary(Transaction& transaction, RunKey key, const SummaryRow& row);

struct StateChange {
  std::string from{};
  std::string to{};
  std::string actor{};   // "users/ada", "server", "workers/3"
  std::string reason{};  // "assigned", "worker died"
  int64_t now_us = 0;
  // Also set, in the same statement, where given.
  std::optional<int> attempt{};
  std::optional<int64_t> fencing_token{};
  std::optional<std::string> worker{};
  std::optional<std::string> build{};
  std::optional<std::string> result_hash{};
  std::optional<std::string> error_reason{};
  std::optional<std::string> error_message{};
  std::optional<int64_t> start_time_us{};  // kept when there is one already
  std::optional<int64_t> end_time_us{};    // a state that ends the run has one;
                                           // any other clears it
};

// One conditional statement: false, and nothing changed, when the run is not
// in `from` (somebody else was first). Otherwise also stores the transition
// and appends the state event. ContractViolation for a state that is not one.
bool ChangeState(Transaction& transaction, RunKey key,
                 const StateChange& change);

struct TransitionRow {
  std::string from{};  // empty for the first
  std::string to{};
  int64_t time_us = 0;
  std::string actor{};
  std::string reason{};
  int attempt = 0;  // 0 for none
};
// Oldest first.
std::vector<TransitionRow> ReadTransitions(Reader& reader, RunKey key);

// Progress and ordinal as last reported; what an attempt used is added.
void SetProgress(Transaction& transaction, RunKey key, int64_t tick,
                 int64_t tick_total, absl::string_view tick_name);
void SetStoredOrdinal(Transaction& transaction, RunKey key, int64_t ordinal);
void AddUse(Transaction& transaction, RunKey key, double cpu_seconds,
            int64_t wall_time_us);

// A retry starts from nothing: removes what the run recorded (series, arrays,
// summary values, checkpoints), its result hash, error and ordinal. Attempts,
// transitions and log stay.
void ClearRecord(Transaction& transaction, RunKey key);

}  // namespace engram::store
