#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/keys.h"

namespace engram::store {

class Reader;
class Transaction;

// A population of a run whose spikes are recorded.
struct PopulationRow {
  int64_t key = 0;
  RunKey run{};
  std::string name{};
  int64_t unit_count = 0;
  double dt_ms = 0;  // of a step
  int64_t spike_count = 0;
  int64_t last_step = -1;  // of the last spike; -1 for none
  int64_t last_unit = -1;
};

// Says where spikes are: `first_ordinal` is that of the chunk of items, stored
// in the same transaction, that has them. INVALID_ARGUMENT: spikes that are out
// of order, of a unit that the population does not have, or of a population
// that had other units or another dt before.
absl::Status AppendSpikes(Transaction& transaction, RunKey run,
                          const PopulationRow& declaration,
                          std::span<const int64_t> steps,
                          std::span<const int32_t> units,
                          int64_t first_ordinal);

// By name.
std::vector<PopulationRow> ReadPopulations(Reader& reader, RunKey run);
// NOT_FOUND names the nearest population of the run.
absl::StatusOr<PopulationRow> FindPopulation(Reader& reader, RunKey run,
                                             absl::string_view name);

struct SpikeRange {
  int64_t begin_step = 0;
  int64_t end_step = std::numeric_limits<int64_t>::max();  // exclusive
  int64_t from_index = 0;  // of the population's spikes, from 0
};
// Calls `visit(index, step, unit)` for the spikes of the range in order, until
// it says false. DATA_LOSS: a chunk that cannot be read.
absl::Status ForEachSpike(
    Reader& reader, const PopulationRow& population, const SpikeRange& range,
    const std::function<bool(int64_t, int64_t, int32_t)>& visit);

}  // namespace engram::store
