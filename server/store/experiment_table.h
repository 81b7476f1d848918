#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engram/store/v1/record_policy.pb.h"
#include "server/store/keys.h"
#include "server/store/named_value.h"

namespace engram::store {

class Reader;
class Transaction;

// What a run asks for.
struct ResourceRow {
  int cpus = 1;
  int64_t memory_bytes = 0;
  int64_t time_us = 0;  // limit over all attempts; 0: none

  friend bool operator==(const ResourceRow&, const ResourceRow&) = default;
};

struct ExperimentRow {
  ExperimentKey key{};  // given by InsertExperiment
  std::string id{};     // ten random letters and digits
  std::string title{};
  std::string user{};  // "ada"
  std::string text{};  // as the user sent it
  std::string canonical_json{};
  std::string experiment_hash{};    // "e1:..."
  std::vector<std::string> axes{};  // the slowest first
  int64_t run_count = 0;
  int64_t create_time_us = 0;
  std::optional<int64_t> end_time_us{};
  std::vector<std::string> tags{};  // sorted
  std::string notes{};
  std::string etag{};
  int priority = 0;
  bool urgent = false;
  ResourceRow resources;
  v1::RecordPolicy record{};
  std::string preset{};  // empty for none
  std::string after{};   // id of the experiment to wait for; empty for none
  double expected_seconds = 0;  // of one run on one cpu; 0 if not known
  // Parameters that are the same in every run, for filters.
  std::vector<NamedValue> constants{};
};

// Stores the experiment, its tags and constants. ALREADY_EXISTS: the id.
absl::StatusOr<ExperimentKey> InsertExperiment(Transaction& transaction,
                                               const ExperimentRow& row);

// A whole id or a unique prefix of at least four letters. NOT_FOUND names the
// nearest id; INVALID_ARGUMENT: several have the prefix.
absl::StatusOr<ExperimentKey> FindExperiment(Reader& reader,
                                             absl::string_view id);

// Whole rows; `constants` only when asked for. ContractViolation when the key
// is not that of a row.
ExperimentRow ReadExperiment(Reader& reader, ExperimentKey key,
                             bool with_constants = false);

// Experiments with a run that has not ended, or with claims that are pending,
// oldest first: what a queue is rebuilt from.
std::vector<ExperimentKey> OpenExperiments(Reader& reader);

// Number of runs by state name; states without a run are left out.
std::map<std::string, int64_t> StateCounts(Reader& reader, ExperimentKey key);
// The same over all experiments.
std::map<std::string, int64_t> StateCounts(Reader& reader);
int64_t CountExperiments(Reader& reader);

// Sum of its runs' stored bytes.
int64_t StoredBytes(Reader& reader, ExperimentKey key);
int64_t StoredBytesOfUser(Reader& reader, absl::string_view user);
// Runs of the user's experiments that wait.
int64_t QueuedRunsOfUser(Reader& reader, absl::string_view user);

// Replaces notes and tags, gives a new etag (returned), appends the note event.
// ABORTED when `etag` is not empty and not the stored one.
absl::StatusOr<std::string> UpdateNotes(Transaction& transaction,
                                        ExperimentKey key,
                                        absl::string_view etag,
                                        absl::string_view notes,
                                        const std::vector<std::string>& tags,
                                        int64_t now_us);

// Sets or clears the time when the last run ended.
void SetExperimentEnd(Transaction& transaction, ExperimentKey key,
                      std::optional<int64_t> end_time_us);

// Removes the experiment and everything that its runs left, events included.
// FAILED_PRECONDITION: a run, or a verification of one, has not ended. Chunks
// go by garbage collection.
absl::Status DeleteExperiment(Transaction& transaction, ExperimentKey key);

// Every tag in use, sorted.
std::vector<std::string> AllTags(Reader& reader);

}  // namespace engram::store
