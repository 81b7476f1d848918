#include "client/cli/live/rows.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/names.h"
#include "client/cli/text/quantity.h"
#include "client/cli/text/table.h"
#include "client/cli/text/utf8.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

constexpr int kWidestValue = 24;  // cells of a varying parameter
constexpr int kBar = 16;
constexpr int kNarrowBar = 8;
constexpr int kSpark = 20;
// Numbers keep this width, so that the columns beside them stand still.
constexpr int kNumber = 8;

Tone BarTone(v1::RunState state) {
  return state == v1::RUN_STATE_QUEUED ? Tone::kDim : StateCell(state).tone;
}

Cell BarCell(const LiveRun& live, int width, const Look& look) {
  const Bar bar = MakeBar(live.Reached(), width);
  return {bar.full + bar.rest, Tone::kPlain,
          Paint(bar.full, BarTone(live.run.state()), look) +
              Paint(bar.rest, Tone::kDim, look)};
}

std::string TicksText(const v1::Run& run) {
  const v1::Progress& progress = run.progress();
  if (progress.total() > 0) {
    return absl::StrCat(progress.tick(), "/", progress.total(), " ",
                        progress.tick_name());
  }
  if (progress.tick() > 0) {
    return absl::StrCat(progress.tick(), " ", progress.tick_name());
  }
  return "";
}

// What a run shows at its line's end: why it failed, its curve, or nothing.
Cell LastCell(const LiveRun& live, const LiveSeries* series) {
  if (live.run.has_error() && HasEnded(live.run.state())) {
    return {live.run.error().message(), Tone::kBad};
  }
  if (series == nullptr) return {""};
  return {Sparkline(series->points, kSpark), Tone::kActive};
}

Cell NewestCell(const LiveSeries* series) {
  std::string text;
  if (series != nullptr && !series->points.empty()) {
    const auto& value = series->points.back().value;
    text = value ? ShortText(*value) : "-";
  }
  return {PadLeft(text, kNumber)};
}

// The name of the series that most rows show.
std::string MetricHeader(const std::vector<const LiveRun*>& runs,
                         const std::string& metric) {
  for (const LiveRun* live : runs) {
    const LiveSeries* series = ChooseSeries(*live, metric);
    if (series != nullptr) return WithUnit(series->name, series->unit);
  }
  return metric;
}

std::string RowName(const Board& board, const v1::Run& run) {
  return board.experiments().size() == 1 ? RunNumber(run.name())
                                         : ShortName(run.name());
}

bool IsNumeric(const Board& board, const std::string& path) {
  return std::all_of(
      board.runs().begin(), board.runs().end(), [&](const auto& entry) {
        const auto& varying = entry.second.run.varying();
        const auto found = varying.find(path);
        return found == varying.end() || found->second.has_number_value();
      });
}

// Between the least and the greatest value, by the largest magnitude.
double RelativeChange(const LiveSeries& series) {
  // Rounding alone is no change.
  constexpr double kLeastChange = 1e-6;
  double low = 0;
  double high = 0;
  bool first = true;
  for (const Point& point : series.points) {
    if (!point.value) continue;
    low = first ? *point.value : std::min(low, *point.value);
    high = first ? *point.value : std::max(high, *point.value);
    first = false;
  }
  if (high - low < kLeastChange) return 0;
  return (high - low) / std::max(std::abs(low), std::abs(high));
}

// Of the series over the run's own ticks.
std::string MostChanging(const LiveRun& live) {
  std::string best;
  double best_change = 0;
  for (const LiveSeries& series : live.series) {
    if (series.x != live.run.progress().tick_name()) continue;
    const double change = RelativeChange(series);
    if (change <= best_change) continue;
    best = series.name;
    best_change = change;
  }
  return best;
}

std::string FirstListed(const LiveRun& live, const OutputOrder& order) {
  std::string first;
  for (const LiveSeries& series : live.series) {
    if (RelativeChange(series) <= 0) continue;
    if (first.empty() || order.IsBefore(series.name, first)) {
      first = series.name;
    }
  }
  return first;
}

// Lower is sooner shown.
int Rank(const LiveRun& live) {
  switch (live.run.state()) {
    case v1::RUN_STATE_FAILED:
    case v1::RUN_STATE_TIMED_OUT:
      return 1;
    case v1::RUN_STATE_RUNNING:
    case v1::RUN_STATE_STARTING:
    case v1::RUN_STATE_CANCELLING:
      return 0;
    case v1::RUN_STATE_QUEUED:
      return 4;
    default:
      return 2;
  }
}

}  // namespace

const LiveSeries* ChooseSeries(const LiveRun& live, const std::string& metric) {
  for (const LiveSeries& series : live.series) {
    if (series.points.empty()) continue;
    if (metric.empty() || series.name == metric) return &series;
  }
  return nullptr;
}

std::string DefaultMetric(const Board& board) {
  // One run that has begun tells enough.
  for (const auto& [key, live] : board.runs()) {
    const std::string over_ticks = MostChanging(live);
    if (!over_ticks.empty()) return over_ticks;
    const std::string listed = FirstListed(live, board.order());
    if (!listed.empty()) return listed;
  }
  return "";
}

std::vector<std::string> VaryingPaths(const Board& board) {
  std::set<std::string> present;
  for (const auto& [key, live] : board.runs()) {
    for (const auto& [path, value] : live.run.varying()) present.insert(path);
  }
  std::vector<std::string> paths;
  for (const auto& experiment : board.experiments()) {
    for (const std::string& axis : experiment.axes()) {
      if (axis != "seed" && present.erase(axis) > 0) paths.push_back(axis);
    }
  }
  const bool seed = present.erase("seed") > 0;
  paths.insert(paths.end(), present.begin(), present.end());
  if (seed) paths.push_back("seed");
  return paths;
}

std::string RunRows(const Board& board, const std::vector<const LiveRun*>& runs,
                    const std::string& metric, const Look& look) {
  const std::vector<std::string> paths = VaryingPaths(board);
  const auto headers = ShortPaths(paths);
  const bool narrow = look.width < 90;
  std::vector<Table::Column> columns = {{"run", Align::kRight},
                                        {"state", Align::kLeft}};
  for (const std::string& path : paths) {
    columns.push_back({headers.at(path),
                       IsNumeric(board, path) ? Align::kRight : Align::kLeft});
  }
  columns.push_back({"", Align::kLeft});
  if (!narrow) columns.push_back({"", Align::kRight});
  columns.push_back({MetricHeader(runs, metric), Align::kRight});
  columns.push_back({"", Align::kLeft});
  Table table(columns);
  for (const LiveRun* live : runs) {
    std::vector<Cell> cells = {{RowName(board, live->run)},
                               StateCell(live->run.state())};
    cells[1].text = PadRight(cells[1].text, 9);
    for (const std::string& path : paths) {
      const auto found = live->run.varying().find(path);
      cells.push_back({found == live->run.varying().end()
                           ? "-"
                           : Truncate(ValueText(found->second), kWidestValue)});
    }
    const LiveSeries* series = ChooseSeries(*live, metric);
    cells.push_back(BarCell(*live, narrow ? kNarrowBar : kBar, look));
    if (!narrow) cells.push_back({TicksText(live->run), Tone::kDim});
    cells.push_back(NewestCell(series));
    cells.push_back(LastCell(*live, series));
    table.AddRow(std::move(cells));
  }
  return table.Render(look);
}

std::vector<const LiveRun*> MostInteresting(
    const std::vector<const LiveRun*>& runs, int count) {
  std::vector<const LiveRun*> chosen;
  for (const LiveRun* live : runs) {
    if (Rank(*live) < 4) chosen.push_back(live);
  }
  std::stable_sort(
      chosen.begin(), chosen.end(), [](const LiveRun* a, const LiveRun* b) {
        const auto key = [](const LiveRun* live) {
          return std::tuple(Rank(*live), -live->run.end_time().seconds(),
                            -live->run.end_time().nanos());
        };
        return key(a) < key(b);
      });
  chosen.resize(
      std::min(chosen.size(), static_cast<size_t>(std::max(0, count))));
  std::sort(chosen.begin(), chosen.end(),
            [](const LiveRun* a, const LiveRun* b) {
              return std::tuple(ExperimentId(a->run.name()), a->run.point()) <
                     std::tuple(ExperimentId(b->run.name()), b->run.point());
            });
  return chosen;
}

}  // namespace engram::cli
