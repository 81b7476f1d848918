#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engram/store/v1/array.pb.h"
#include "server/store/keys.h"

namespace engram::store {
class Reader;
}

namespace engram {

struct SeriesArray {
  store::v1::ArrayManifest manifest;
  std::string bytes;
};

// Float64, shape (n, 2), column-major: first the one, then the other.
SeriesArray PairsArray(std::vector<double> first,
                       const std::vector<double>& second);

// A series as a run reads it: float64, shape (points, 2), column-major; first
// every x, then every value. Points without a value are left out.
absl::StatusOr<SeriesArray> ArrayOfSeries(store::Reader& reader,
                                          store::SeriesKey series);

}  // namespace engram
