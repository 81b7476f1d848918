#include "client/cli/live/view.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/live/group.h"
#include "client/cli/live/rows.h"
#include "client/cli/names.h"
#include "client/cli/text/quantity.h"
#include "client/cli/text/raster.h"
#include "client/cli/text/utf8.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

using Lines = std::vector<std::string>;

constexpr int kLeastChart = 5;    // rows below which a chart shows nothing
constexpr int kLargestChart = 8;  // rows above which it takes too much room
constexpr int kLargestRaster = 17;

std::string TitleLine(const Board& board, const ViewOptions& options,
                      const Look& look, absl::Time now) {
  std::vector<std::string> names;
  for (const auto& experiment : board.experiments()) {
    names.push_back(absl::StrCat(
        Paint(Printable(experiment.title()), Tone::kStrong, look), "  ",
        Paint(ShortName(experiment.name()), Tone::kDim, look)));
  }
  const std::string elapsed =
      DurationText(absl::Floor(now - options.start, absl::Seconds(1)));
  const int room = look.width - DisplayWidth(elapsed) - 2;
  return absl::StrCat(
      PadRight(Truncate(absl::StrJoin(names, " · "), room), room), "  ",
      Paint(elapsed, Tone::kDim, look));
}

// Two digits: more would only flicker.
std::string RateText(double rate) {
  return absl::StrFormat("%.*f", rate < 9.95 ? 1 : 0, rate);
}

std::string TotalsLine(const Board& board, const Look& look) {
  std::string numbers = absl::StrCat(CountText(board.ended_count()), " of ",
                                     CountedText(board.run_count(), "run"));
  const bool done = board.ended_count() == board.run_count();
  if (const double rate = board.RunsPerSecond(); rate > 0 && !done) {
    absl::StrAppend(&numbers, "  ", RateText(rate), " runs/s");
  }
  const absl::Duration left = board.TimeLeft();
  if (!done && left < absl::InfiniteDuration()) {
    absl::StrAppend(&numbers, "  ",
                    DurationText(absl::Ceil(left, absl::Seconds(1))), " left");
  }
  const int width = std::clamp(look.width - DisplayWidth(numbers) - 2, 4, 48);
  const Bar bar = MakeBar(board.Fraction(), width);
  const bool bad = board.CountIn(v1::RUN_STATE_FAILED) > 0;
  const Tone tone = bad ? Tone::kBad : done ? Tone::kGood : Tone::kActive;
  return absl::StrCat(Paint(bar.full, tone, look),
                      Paint(bar.rest, Tone::kDim, look), "  ", numbers);
}

std::string StatesLine(const Board& board, const Look& look) {
  std::vector<std::string> parts;
  for (const v1::RunState state :
       {v1::RUN_STATE_SUCCEEDED, v1::RUN_STATE_FAILED, v1::RUN_STATE_TIMED_OUT,
        v1::RUN_STATE_CANCELLED, v1::RUN_STATE_CANCELLING,
        v1::RUN_STATE_RUNNING, v1::RUN_STATE_STARTING, v1::RUN_STATE_QUEUED}) {
    const int64_t count = board.CountIn(state);
    if (count == 0) continue;
    const Cell cell = StateCell(state);
    parts.push_back(
        Paint(absl::StrCat(CountText(count), " ", cell.text), cell.tone, look));
  }
  return absl::StrJoin(parts, " · ");
}

// The run whose chart is most worth the room: one at work, else the last.
const LiveRun* RunToChart(const Board& board) {
  const LiveRun* chosen = nullptr;
  for (const auto& [key, live] : board.runs()) {
    if (live.series.empty()) continue;
    chosen = &live;
    if (live.run.state() == v1::RUN_STATE_RUNNING) break;
  }
  return chosen;
}

// The run whose spikes are shown: one at work, else the last that had some.
const LiveRun* RunToRaster(const Board& board) {
  const LiveRun* chosen = nullptr;
  for (const auto& [key, live] : board.runs()) {
    if (live.activity.empty()) continue;
    chosen = &live;
    if (live.run.state() == v1::RUN_STATE_RUNNING) break;
  }
  return chosen;
}

Lines RasterLines(const Board& board, const Look& look, int room) {
  const LiveRun* live = RunToRaster(board);
  if (live == nullptr || room < kLeastChart + 3) return {};
  const int height = std::min(room - 2, kLargestRaster);
  const Lines raster = BrailleRaster(
      live->activity.Bands(), live->activity.begin_ms(),
      live->activity.end_ms(), std::min(look.width, 120), height, look);
  if (raster.empty()) return {};
  Lines lines = {
      "", Paint(absl::StrCat("spikes of run ", ShortName(live->run.name())),
                Tone::kDim, look)};
  lines.insert(lines.end(), raster.begin(), raster.end());
  return lines;
}

Lines ChartLines(const Board& board, const ViewOptions& options,
                 const Look& look, int room) {
  const LiveRun* live = RunToChart(board);
  if (live == nullptr || room < kLeastChart + 3) return {};
  const LiveSeries* series = ChooseSeries(*live, options.metric);
  if (series == nullptr || series->points.size() < 3) return {};
  const int height = std::min(room - 3, kLargestChart);
  const Lines chart =
      BrailleChart(series->points, series->x, std::min(look.width, 72), height);
  if (chart.empty()) return {};
  Lines lines = {
      "", Paint(absl::StrCat(WithUnit(series->name, series->unit), " of run ",
                             ShortName(live->run.name())),
                Tone::kDim, look)};
  lines.insert(lines.end(), chart.begin(), chart.end());
  return lines;
}

Lines SplitLines(const std::string& text) {
  Lines lines = absl::StrSplit(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

// The runs, or the groups and then what is at work, in `room` lines.
Lines Body(const Board& board, const ViewOptions& options, const Look& look,
           int room) {
  std::vector<const LiveRun*> all;
  for (const auto& [key, live] : board.runs()) all.push_back(&live);
  if (all.empty()) return {};
  if (static_cast<int>(all.size()) + 1 <= room) {
    return SplitLines(RunRows(board, all, options.metric, look));
  }
  Lines lines = SplitLines(GroupRows(board, look));
  const int for_groups = std::max(2, room * 2 / 3);
  if (static_cast<int>(lines.size()) > for_groups) {
    const size_t cut = lines.size() - static_cast<size_t>(for_groups) + 1;
    lines.resize(lines.size() - cut);
    lines.push_back(
        Paint(absl::StrCat("… and ", cut, " more groups"), Tone::kDim, look));
  }
  const int left = room - static_cast<int>(lines.size()) - 2;
  std::vector<const LiveRun*> active = MostInteresting(all, left);
  if (active.empty()) return lines;
  lines.push_back("");
  for (std::string& line :
       SplitLines(RunRows(board, active, options.metric, look))) {
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

std::vector<std::string> DrawBoard(const Board& board,
                                   const ViewOptions& chosen, const Look& look,
                                   absl::Time now) {
  ViewOptions options = chosen;
  if (options.metric.empty()) options.metric = DefaultMetric(board);
  Lines lines = {TitleLine(board, options, look, now), TotalsLine(board, look),
                 StatesLine(board, look), ""};
  const int footer = options.finished ? 0 : 1;
  const int room = look.height - 1 - static_cast<int>(lines.size()) - footer;
  for (std::string& line : Body(board, options, look, std::max(room, 0))) {
    lines.push_back(std::move(line));
  }
  const auto left = [&] {
    return look.height - 1 - static_cast<int>(lines.size()) - footer;
  };
  for (std::string& line : RasterLines(board, look, left())) {
    lines.push_back(std::move(line));
  }
  for (std::string& line : ChartLines(board, options, look, left())) {
    lines.push_back(std::move(line));
  }
  if (!options.finished) {
    lines.push_back(
        options.status.empty()
            ? Paint("Ctrl-C detaches; the runs go on", Tone::kDim, look)
            : Paint(options.status, Tone::kWarning, look));
  }
  if (static_cast<int>(lines.size()) > look.height - 1) {
    lines.resize(static_cast<size_t>(std::max(1, look.height - 1)));
  }
  for (std::string& line : lines) line = Truncate(line, look.width);
  return lines;
}

}  // namespace engram::cli
