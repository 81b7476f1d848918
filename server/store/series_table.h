#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/keys.h"
#include "server/store/point.h"

namespace engram::store {

class Reader;
class Transaction;

struct SeriesRow {
  SeriesKey key{};
  RunKey run{};
  std::string name{};
  std::string unit{};
  std::string x{};
  std::string x_unit{};
  int64_t point_count = 0;
  std::optional<SeriesPoint> last{};
};

// Appends points to a series, made if it is new, and appends one points_stored
// event. Points are kept in compressed chunks of up to 1,024; x must rise
// strictly and be finite, as must values: INVALID_ARGUMENT otherwise.
absl::StatusOr<SeriesKey> AppendPoints(Transaction& transaction, RunKey run,
                                       const SeriesRow& declaration,
                                       std::span<const SeriesPoint> points,
                                       int64_t now_us);

// By name.
std::vector<SeriesRow> ReadSeriesList(Reader& reader, RunKey run);
// NOT_FOUND names the nearest series of the run.
absl::StatusOr<SeriesRow> FindSeries(Reader& reader, RunKey run,
                                     absl::string_view name);

// Points from index `from` on, at most `limit`. DATA_LOSS: a chunk that cannot
// be read.
absl::StatusOr<std::vector<SeriesPoint>> ReadPoints(Reader& reader,
                                                    SeriesKey series,
                                                    int64_t from,
                                                    int64_t limit);

struct SampleRange {
  std::optional<double> x_min{};  // inclusive
  std::optional<double> x_max{};  // inclusive
  int buckets = 1;
  bool are_means = false;
};
// Down-samples the range to at most `buckets` equal buckets over x, each with
// its least and greatest value in order of x, so no peak is lost: at most two
// points a bucket. A bucket with absent points alone gives the first of them.
// As means, a bucket gives the mean of its values at its middle, and a limit
// that the range has is kept although the points end before it.
absl::StatusOr<std::vector<SeriesPoint>> SamplePoints(Reader& reader,
                                                      SeriesKey series,
                                                      const SampleRange& range);

}  // namespace engram::store
