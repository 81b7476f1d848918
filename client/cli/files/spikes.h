#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/wire/client.h"

namespace engram::cli {

absl::StatusOr<std::vector<v1::Population>> ListPopulations(
    Client& client, const std::string& run);

// Every spike of the request's range, page by page.
absl::Status ReadSpikes(
    Client& client, v1::ReadSpikesRequest request,
    const std::function<void(const v1::ReadSpikesResponse&)>& page);

// "time_ms,unit" and a line a spike.
absl::StatusOr<std::string> SpikesCsv(Client& client,
                                      const v1::ReadSpikesRequest& request);
// An NPY file: float64, (spikes, 2), time [ms] and unit; as runs read spikes.
absl::StatusOr<std::string> SpikesNpy(Client& client,
                                      const v1::ReadSpikesRequest& request);

}  // namespace engram::cli
