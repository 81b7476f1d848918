#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/store/experiment_table.h"
#include "server/store/keys.h"
#include "server/store/run_table.h"

namespace engram::store {

struct ListQuery {
  std::string filter{};      // see filter.h; empty for all
  std::string order_by{};    // "sequence_length desc, create_time"
  int page_size = 100;       // 1 .. 1,000
  std::string page_token{};  // from the previous page of the same query
};

template <class Row>
struct Page {
  std::vector<Row> rows{};
  std::string next_page_token{};  // empty on the last page
  int64_t total_size = 0;         // counted up to 1,000
  bool total_is_lower_bound = false;
};

// Runs of one experiment, or of all, newest experiment first and then by
// point unless ordered otherwise; runs without a value sort last either way.
// Rows inserted between two pages neither repeat nor skip a run that was there.
// INVALID_ARGUMENT: a filter, order or token that cannot be read; the message
// begins with "filter:COLUMN:" or "order_by:COLUMN:".
absl::StatusOr<Page<RunRow>> ListRuns(Reader& reader,
                                      std::optional<ExperimentKey> experiment,
                                      const ListQuery& query);

// Experiments, newest first; without text, canonical JSON and constants.
// `order_by` takes create_time, title, user, run_count.
absl::StatusOr<Page<ExperimentRow>> ListExperiments(Reader& reader,
                                                    const ListQuery& query);

// Keys of every run that matches, by experiment and point.
// RESOURCE_EXHAUSTED: more than `limit`.
absl::StatusOr<std::vector<RunKey>> MatchingRuns(Reader& reader,
                                                 absl::string_view filter,
                                                 int64_t limit);

}  // namespace engram::store
