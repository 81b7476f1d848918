#include "client/cli/live/board.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <set>

#include "absl/strings/numbers.h"
#include "client/cli/names.h"
#include "client/cli/wording.h"

namespace engram::cli {
namespace {

constexpr size_t kMostPoints = 512;
constexpr absl::Duration kMemory = absl::Seconds(30);
// Before that a speed is a guess.
constexpr absl::Duration kLeastBasis = absl::Seconds(1);

std::pair<std::string, int64_t> KeyOf(const std::string& run) {
  int64_t point = 0;
  if (!absl::SimpleAtoi(RunNumber(run), &point)) point = 0;
  return {ExperimentId(run), point};
}

void AddPoints(const v1::PointsStored& stored, LiveSeries* series) {
  const std::set<int64_t> absent(stored.absent().begin(),
                                 stored.absent().end());
  const int count = std::min(stored.x_size(), stored.values_size());
  for (int i = 0; i < count; ++i) {
    Point point{stored.x(i), stored.values(i)};
    if (absent.contains(i)) point.value.reset();
    series->Add(point);
  }
}

// Leaves half as many points as there may be, evenly over the course.
void SpreadOut(LiveSeries* series) {
  std::vector<Point>& points = series->points;
  const Point newest = points.back();
  series->spacing = 2 * (newest.x - points.front().x) / kMostPoints;
  size_t kept = 1;
  for (size_t i = 1; i + 1 < points.size(); ++i) {
    if (points[i].x - points[kept - 1].x < series->spacing) continue;
    points[kept++] = points[i];
  }
  points.resize(kept);
  points.push_back(newest);
}

}  // namespace

void LiveSeries::Add(const Point& point) {
  if (!points.empty() && point.x <= points.back().x) return;  // had before
  // The newest one is kept whatever its place, for its value is shown.
  if (points.size() > 1 &&
      points.back().x - points[points.size() - 2].x < spacing) {
    points.pop_back();
  }
  points.push_back(point);
  if (points.size() > kMostPoints) SpreadOut(this);
}

LiveSeries& LiveRun::SeriesNamed(const v1::Series& declared) {
  for (LiveSeries& one : series) {
    if (one.name == declared.name()) return one;
  }
  LiveSeries& added = series.emplace_back();
  added.name = declared.name();
  added.unit = declared.unit();
  added.x = declared.x();
  return added;
}

double LiveRun::Fraction() const {
  return HasEnded(run.state()) ? 1 : Reached();
}

double LiveRun::Reached() const {
  if (run.state() == v1::RUN_STATE_SUCCEEDED) return 1;
  const v1::Progress& progress = run.progress();
  if (run.state() == v1::RUN_STATE_QUEUED || progress.total() <= 0) return 0;
  return std::min(1.0, static_cast<double>(progress.tick()) /
                           static_cast<double>(progress.total()));
}

void Board::AddExperiment(const v1::Experiment& experiment) {
  experiments_.push_back(experiment);
}

void Board::Apply(const v1::Event& event) {
  if (event.has_claim() || event.has_note()) return;
  LiveRun& live = runs_[KeyOf(event.parent())];
  if (event.has_state()) {
    const bool again =
        HasEnded(live.run.state()) && !HasEnded(event.state().run().state());
    if (again) {  // a new attempt, from the start
      live.series.clear();
      live.activity = {};
    }
    live.run = event.state().run();
  } else if (event.has_points_stored()) {
    AddPoints(event.points_stored(),
              &live.SeriesNamed(event.points_stored().series()));
  } else if (event.has_live() && event.live().has_progress() &&
             !HasEnded(live.run.state())) {
    *live.run.mutable_progress() = event.live().progress();
  }
  if (event.has_live() && event.live().has_activity()) {
    live.activity.Add(event.live().activity());
  }
  if (live.run.name().empty()) live.run.set_name(event.parent());
}

void Board::Sample(absl::Time now) {
  samples_.push_back({now, Fraction(), ended_count()});
  while (samples_.size() > 2 && now - samples_.front().time > kMemory) {
    samples_.pop_front();
  }
}

int64_t Board::run_count() const {
  int64_t expected = 0;
  for (const auto& experiment : experiments_) {
    expected += experiment.run_count();
  }
  return std::max(expected, static_cast<int64_t>(runs_.size()));
}

int64_t Board::CountIn(v1::RunState state) const {
  return std::count_if(runs_.begin(), runs_.end(), [&](const auto& entry) {
    return entry.second.run.state() == state;
  });
}

int64_t Board::ended_count() const {
  return std::count_if(runs_.begin(), runs_.end(), [](const auto& entry) {
    return HasEnded(entry.second.run.state());
  });
}

double Board::Fraction() const {
  const int64_t count = run_count();
  if (count == 0) return 0;
  double sum = 0;
  for (const auto& [key, live] : runs_) sum += live.Fraction();
  return sum / static_cast<double>(count);
}

double Board::RunsPerSecond() const {
  if (samples_.size() < 2) return 0;
  const absl::Duration basis = samples_.back().time - samples_.front().time;
  if (basis < kLeastBasis) return 0;
  return static_cast<double>(samples_.back().ended - samples_.front().ended) /
         absl::ToDoubleSeconds(basis);
}

absl::Duration Board::TimeLeft() const {
  if (samples_.size() < 2) return absl::InfiniteDuration();
  const Sampled& first = samples_.front();
  const Sampled& last = samples_.back();
  const double gained = last.fraction - first.fraction;
  if (last.time - first.time < kLeastBasis || gained <= 0) {
    return absl::InfiniteDuration();
  }
  return (last.time - first.time) * ((1 - last.fraction) / gained);
}

}  // namespace engram::cli
