#include "client/cli/live/activity.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace engram::cli {
namespace {

constexpr double kMsPerSecond = 1000;

// The server has dropped what does not fit together; an older one may not have.
bool FitsTogether(const v1::Activity& activity) {
  const int64_t cells =
      static_cast<int64_t>(activity.counts_size()) * activity.rows();
  return activity.rows() > 0 && activity.unit_count() > 0 &&
         activity.dt() > 0 && activity.column_steps() > 0 &&
         activity.end_step() > activity.begin_step() &&
         static_cast<int64_t>(activity.cells().size()) * 8 >= cells;
}

double Ms(const v1::Activity& activity, int64_t step) {
  return static_cast<double>(step) * activity.dt();
}

double RateOf(const std::deque<v1::Activity>& previews) {
  int64_t spikes = 0;
  double unit_seconds = 0;
  for (const v1::Activity& one : previews) {
    spikes = std::accumulate(one.counts().begin(), one.counts().end(), spikes);
    unit_seconds += static_cast<double>(one.unit_count()) *
                    (Ms(one, one.end_step()) - Ms(one, one.begin_step())) /
                    kMsPerSecond;
  }
  return unit_seconds > 0 ? static_cast<double>(spikes) / unit_seconds : 0;
}

}  // namespace

std::vector<RasterMark> MarksOf(const v1::Activity& activity) {
  std::vector<RasterMark> marks;
  const int rows = activity.rows();
  const double height =
      static_cast<double>(activity.unit_count()) / static_cast<double>(rows);
  for (int column = 0; column < activity.counts_size(); ++column) {
    if (activity.counts(column) == 0) continue;
    const int64_t begin =
        activity.begin_step() + column * activity.column_steps();
    const int64_t end =
        std::min(begin + activity.column_steps(), activity.end_step());
    const double ms = (Ms(activity, begin) + Ms(activity, end)) / 2;
    const size_t first = marks.size();
    for (int row = 0; row < rows; ++row) {
      const auto bit = static_cast<size_t>(column) * static_cast<size_t>(rows) +
                       static_cast<size_t>(row);
      const auto byte = static_cast<unsigned char>(activity.cells()[bit / 8]);
      if (byte >> (bit % 8) & 1) marks.push_back({ms, (row + 0.5) * height});
    }
    // The cells tell that some unit fired, the counts how often all did.
    for (size_t i = first; i < marks.size(); ++i) {
      marks[i].spikes = static_cast<double>(activity.counts(column)) /
                        static_cast<double>(marks.size() - first);
    }
  }
  return marks;
}

void RecentActivity::Add(const v1::Activity& activity) {
  if (!FitsTogether(activity)) return;
  auto found = std::find_if(
      populations_.begin(), populations_.end(),
      [&](const Population& p) { return p.name == activity.population(); });
  if (found != populations_.end() &&
      activity.begin_step() < found->previews.back().end_step()) {
    populations_.clear();
    found = populations_.end();
  }
  if (found == populations_.end()) {
    populations_.push_back({activity.population(), {}});
    found = populations_.end() - 1;
  }
  found->previews.push_back(activity);
  if (found->previews.size() > kMostPreviews) found->previews.pop_front();
}

double RecentActivity::begin_ms() const {
  double begin = std::numeric_limits<double>::infinity();
  for (const Population& population : populations_) {
    const v1::Activity& first = population.previews.front();
    begin = std::min(begin, Ms(first, first.begin_step()));
  }
  return begin;
}

double RecentActivity::end_ms() const {
  double end = 0;
  for (const Population& population : populations_) {
    const v1::Activity& last = population.previews.back();
    end = std::max(end, Ms(last, last.end_step()));
  }
  return end;
}

std::vector<RasterBand> RecentActivity::Bands() const {
  std::vector<RasterBand> bands;
  for (const Population& population : populations_) {
    RasterBand band;
    band.name = population.name;
    band.units = population.previews.back().unit_count();
    band.rate_hz = RateOf(population.previews);
    for (const v1::Activity& one : population.previews) {
      const std::vector<RasterMark> marks = MarksOf(one);
      band.marks.insert(band.marks.end(), marks.begin(), marks.end());
    }
    bands.push_back(std::move(band));
  }
  return bands;
}

}  // namespace engram::cli
