#include "client/cli/live/backfill.h"

#include <set>
#include <utility>
#include <vector>

namespace engram::cli {
namespace {

constexpr int kMostRuns = 40;
constexpr int kBuckets = 64;

void FillSeries(Client& client, const v1::Series& declared, LiveRun* live) {
  v1::ReadSeriesRequest request;
  request.set_name(live->run.name());
  request.set_series(declared.name());
  request.set_buckets(kBuckets);
  const auto read = client.Call(calls::kReadSeries, request);
  if (!read.ok()) return;
  const std::set<int64_t> absent(read->absent().begin(), read->absent().end());
  LiveSeries& series = live->SeriesNamed(declared);
  // What came by event meanwhile goes behind what was read.
  const std::vector<Point> newer = std::exchange(series.points, {});
  for (int i = 0; i < read->x_size() && i < read->values_size(); ++i) {
    Point point{read->x(i), read->values(i)};
    if (absent.contains(i)) point.value.reset();
    series.Add(point);
  }
  for (const Point& point : newer) series.Add(point);
}

void Fill(Client& client, const std::string& metric, LiveRun* live) {
  v1::ListSeriesRequest request;
  request.set_name(live->run.name());
  const auto list = client.Call(calls::kListSeries, request);
  if (!list.ok()) return;
  for (const v1::Series& series : list->series()) {
    const bool over_ticks = series.x() == live->run.progress().tick_name();
    if (metric.empty() ? over_ticks : series.name() == metric) {
      FillSeries(client, series, live);
    }
  }
}

}  // namespace

void FillCharts(Client& client, const std::string& metric, Board* board) {
  int filled = 0;
  for (auto& [key, live] : board->runs()) {
    if (live.run.state() == v1::RUN_STATE_QUEUED) continue;
    if (++filled > kMostRuns) return;
    Fill(client, metric, &live);
  }
}

}  // namespace engram::cli
