#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/rpc/status.h"
#include "server/store/store.h"

namespace engram {
namespace {

constexpr int64_t kUsualPoints = 10'000;
constexpr int64_t kMostPoints = 100'000;
constexpr int kMostBuckets = 50'000;

absl::Status Check(const v1::ReadSeriesRequest& request) {
  if (request.from_index() < 0) {
    return BadField("from_index", absl::StrCat(request.from_index(),
                                               "; points count from 0"));
  }
  if (request.max_points() < 0) {
    return BadField("max_points", absl::StrCat(request.max_points(),
                                               "; 0 means ", kUsualPoints));
  }
  if (request.buckets() < 0 || request.buckets() > kMostBuckets) {
    return BadField("buckets",
                    absl::StrCat(request.buckets(), " is outside [0, ",
                                 kMostBuckets, "]; 0 means all points"));
  }
  if (request.means() && request.buckets() == 0) {
    return BadField("means", "are of buckets: say how many");
  }
  if (request.x_min() > request.x_max()) {
    return BadField("x_min", absl::StrCat(request.x_min(), " is above x_max, ",
                                          request.x_max()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<store::SeriesPoint>> Points(
    store::Reader& reader, const store::SeriesRow& series,
    const v1::ReadSeriesRequest& request, int64_t most) {
  if (request.buckets() == 0) {
    return store::ReadPoints(reader, series.key, request.from_index(), most);
  }
  store::SampleRange range{.x_min = {},
                           .x_max = {},
                           .buckets = request.buckets(),
                           .are_means = request.means()};
  if (request.x_min() != 0 || request.x_max() != 0) {
    range.x_min = request.x_min();
    range.x_max = request.x_max();
  }
  return store::SamplePoints(reader, series.key, range);
}

absl::StatusOr<v1::ReadSeriesResponse> Stored(
    store::Reader& reader, const v1::ReadSeriesRequest& request) {
  auto run = FindRunNamed(reader, request.name());
  if (!run.ok()) return run.status();
  auto series = store::FindSeries(reader, run->key, request.series());
  if (!series.ok()) return series.status();
  const int64_t most = request.max_points() == 0
                           ? kUsualPoints
                           : std::min(request.max_points(), kMostPoints);
  auto points = Points(reader, *series, request, most);
  if (!points.ok()) return points.status();
  v1::ReadSeriesResponse reply;
  *reply.mutable_series() = SeriesMessage(*series);
  for (const store::SeriesPoint& point : *points) {
    if (point.is_absent()) reply.add_absent(reply.x_size());
    reply.add_x(point.x);
    reply.add_values(point.value);
  }
  const int64_t next =
      request.from_index() + static_cast<int64_t>(points->size());
  if (request.buckets() == 0 && !points->empty() &&
      next < series->point_count) {
    reply.set_next_index(next);
  }
  return reply;
}

}  // namespace

absl::StatusOr<v1::ReadSeriesResponse> ReadSeries(
    const Caller& /*caller*/, const v1::ReadSeriesRequest& request,
    const Parts& parts) {
  absl::Status status = Check(request);
  if (!status.ok()) return status;
  return parts.store.Read(
      [&](store::Reader& reader) { return Stored(reader, request); });
}

}  // namespace engram
