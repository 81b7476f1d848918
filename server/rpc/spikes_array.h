#pragma once

#include "absl/status/statusor.h"
#include "server/rpc/series_array.h"
#include "server/store/spike_table.h"

namespace engram {

// Spikes as a run reads them: float64, shape (spikes, 2), column-major; first
// the time of each [ms], then its unit.
absl::StatusOr<SeriesArray> ArrayOfSpikes(
    store::Reader& reader, const store::PopulationRow& population);

}  // namespace engram
