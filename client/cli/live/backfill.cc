#include "client/cli/live/backfill.h"

#include <set>
#include <utility>
#include <vector>

namespace engram::cli {
namespace {

constexpr int kMostRuns = 40;
constexpr int kMostSeries = 12;  // of a run
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

// The series of that name; without a name those over the run's ticks, or, of a
// run that has none, as one that counts batches and tells of updates, all.
std::vector<const v1::Series*> Charted(const v1::ListSeriesResponse& list,
                                       const v1::Run& run,
                                       const std::string& metric) {
  std::vector<const v1::Series*> named;
  std::vector<const v1::Series*> over_ticks;
  std::vector<const v1::Series*> all;
  for (const v1::Series& series : list.series()) {
    if (series.name() == metric) named.push_back(&series);
    if (series.x() == run.progress().tick_name()) over_ticks.push_back(&series);
    if (static_cast<int>(all.size()) < kMostSeries) all.push_back(&series);
  }
  if (!metric.empty()) return named;
  return over_ticks.empty() ? all : over_ticks;
}

void Fill(Client& client, const std::string& metric, LiveRun* live) {
  v1::ListSeriesRequest request;
  request.set_name(live->run.name());
  const auto list = client.Call(calls::kListSeries, request);
  if (!list.ok()) return;
  for (const v1::Series* series : Charted(*list, live->run, metric)) {
    FillSeries(client, *series, live);
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
