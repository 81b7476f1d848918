#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/text/chart.h"
#include "client/cli/wire/client.h"

// Reading what a run left, page by page.
namespace engram::cli {

struct ReadSeriesResult {
  v1::Series series;
  std::vector<Point> points;
};

// All points; at most `buckets` parts of them, with the extremes of each, if
// that is above 0.
absl::StatusOr<ReadSeriesResult> ReadSeries(Client& client,
                                            const std::string& run,
                                            const std::string& series,
                                            int buckets);

absl::StatusOr<std::vector<v1::Series>> ListSeries(Client& client,
                                                   const std::string& run);

// Gives the array's description, then its bytes in order.
absl::Status ReadArray(
    Client& client, const v1::ReadArrayRequest& request,
    const std::function<absl::Status(const v1::RecordedArray&)>& begin,
    const std::function<absl::Status(const std::string&)>& bytes);

// As an NPY file in memory.
absl::StatusOr<std::string> ReadNpy(Client& client,
                                    const v1::ReadArrayRequest& request);

// As an NPY file, written as it arrives and named once it is whole.
absl::Status SaveNpy(Client& client, const v1::ReadArrayRequest& request,
                     const std::string& file);

// What a listed array is asked for by.
v1::ReadArrayRequest RequestFor(const std::string& run,
                                const v1::RecordedArray& array);

}  // namespace engram::cli
