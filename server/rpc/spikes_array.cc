#include "server/rpc/spikes_array.h"

#include <vector>

namespace engram {

absl::StatusOr<SeriesArray> ArrayOfSpikes(
    store::Reader& reader, const store::PopulationRow& population) {
  std::vector<double> times;
  std::vector<double> units;
  const absl::Status status = store::ForEachSpike(
      reader, population, {}, [&](int64_t, int64_t step, int32_t unit) {
        times.push_back(static_cast<double>(step + 1) * population.dt_ms);
        units.push_back(unit);
        return true;
      });
  if (!status.ok()) return status;
  return PairsArray(times, units);
}

}  // namespace engram
