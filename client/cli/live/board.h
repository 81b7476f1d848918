#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "client/cli/live/activity.h"
#include "client/cli/output_order.h"
#include "client/cli/text/chart.h"
#include "engram/v1/events.pb.h"

namespace engram::cli {

// A series of a run as far as it is known here.
struct LiveSeries {
  std::string name;
  std::string unit;
  std::string x;
  std::vector<Point> points;
  // Least distance between points, but for the newest.
  double spacing = 0;
  // Adds a point. Of more than a few hundred those are kept that lie evenly
  // over the whole course, which a chart of a terminal's width does not show.
  void Add(const Point& point);
};

struct LiveRun {
  v1::Run run;
  std::vector<LiveSeries> series;
  RecentActivity activity;

  LiveSeries& SeriesNamed(const v1::Series& declared);
  // How far it came, 0 to 1.
  double Reached() const;
  // How much of its work is behind it: 1 once it has ended, however.
  double Fraction() const;
};

// What a watcher knows of the runs that it watches, from the events alone.
class Board {
 public:
  using Runs = std::map<std::pair<std::string, int64_t>, LiveRun>;

  // An experiment that is watched, for its title and its number of runs.
  void AddExperiment(const v1::Experiment& experiment);

  void Apply(const v1::Event& event);

  // In which order names of values and series are shown.
  void SetOrder(OutputOrder order) { order_ = std::move(order); }
  const OutputOrder& order() const { return order_; }

  // Called now and then with the time, so that a speed can be told.
  void Sample(absl::Time now);

  const std::vector<v1::Experiment>& experiments() const {
    return experiments_;
  }
  // By experiment, then by point.
  const Runs& runs() const { return runs_; }
  Runs& runs() { return runs_; }

  int64_t run_count() const;
  int64_t CountIn(v1::RunState state) const;
  int64_t ended_count() const;
  // Of all runs together, 0 to 1.
  double Fraction() const;
  // Runs that end in a second, over the last half minute; 0 when not known.
  double RunsPerSecond() const;
  // InfiniteDuration when it cannot be told.
  absl::Duration TimeLeft() const;

 private:
  struct Sampled {
    absl::Time time;
    double fraction;
    int64_t ended;
  };

  OutputOrder order_;
  std::vector<v1::Experiment> experiments_;
  Runs runs_;
  std::deque<Sampled> samples_;
};

}  // namespace engram::cli
