#include "core/analyses/dynamics/phase_plane.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/analyses/dynamics/planar_root.h"
#include "core/analyses/record_table.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// Points of a recorded trajectory in one time constant.
constexpr double kPointsPerTimeConstant = 10;

// The velocity on the plane, from scratch memory of its own.
class PlanarField {
 public:
  PlanarField(const Dynamics& dynamics, const Plane& plane)
      : dynamics_(dynamics), plane_(plane), point_(dynamics.size()) {}

  std::array<double, 2> At(double a, double b) {
    plane_.Lift(a, b, point_.x);
    dynamics_.Evaluate(point_);
    return plane_.ProjectVelocity(point_.field.span());
  }

  // |F|^2 less what of it is on the plane, over |F|^2, at the last point.
  double OffPlane(const std::array<double, 2>& velocity) const {
    const double all = statistics::SumOfSquares(point_.field.span());
    double on = 0;
    for (int64_t i = 0; i < point_.x.rows(); ++i) {
      const double part =
          velocity[0] * plane_.axes()(i, 0) + velocity[1] * plane_.axes()(i, 1);
      on += part * part;
    }
    return all > 0 ? std::max(0.0, 1 - on / all) : 0.0;
  }

 private:
  const Dynamics& dynamics_;
  const Plane& plane_;
  DynamicsPoint point_;
};

// Lines one behind the other (2, n_points), and where each begins.
void RecordLines(const std::string& name, const std::vector<Polyline>& lines,
                 AnalysisOutput& out) {
  size_t points = 0;
  for (const Polyline& line : lines) points += line.x.size();
  Array<double> all(2, static_cast<int64_t>(points));
  std::vector<int64_t> begins;
  int64_t at = 0;
  for (const Polyline& line : lines) {
    begins.push_back(at);
    for (size_t i = 0; i < line.x.size(); ++i, ++at) {
      all(0, at) = line.x[i];
      all(1, at) = line.y[i];
    }
  }
  RecordTable(name, all, "1", out);
  RecordList(name + "_begins", begins, "1", out);
}

}  // namespace

PhasePlane::PhasePlane(const Component& component, uint64_t seed, int64_t n)
    : axes_(component.Text("axes")),
      first_axis_(component.Integer("first") - 1),
      second_axis_(component.Integer("second") - 1),
      low_(component.Real("low")),
      high_(component.Real("high")),
      trajectories_(component.Integer("trajectories")),
      duration_(component.Real("duration")),
      starts_(component, seed),
      first_(component.Integer("grid"), component.Integer("grid")),
      second_(component.Integer("grid"), component.Integer("grid")),
      off_(component.Integer("grid")),
      seen_(1 + static_cast<int64_t>(
                    std::floor(duration_ * kPointsPerTimeConstant)),
            2 * trajectories_) {
  const bool is_principal = axes_ == "principal" && n > 1;
  states_ = is_principal ? Array<double>(n, kPlaneTrajectories * kStatesOfEach)
                         : Array<double>(1, 1);
}

Plane PhasePlane::MakePlane(const SystemSubject& subject) const {
  const int64_t n = subject.dynamics->size();
  if (is_principal()) return PrincipalPlane(states_);
  if (axes_ == "patterns") {
    return PatternPlane(*subject.patterns, first_axis_, second_axis_);
  }
  return UnitPlane(n, first_axis_, second_axis_);
}

const Plane& PhasePlane::PlaneOf(const SystemSubject& subject) {
  if (!plane_) plane_.emplace(MakePlane(subject));
  return *plane_;
}

double PhasePlane::AxisAt(int64_t i) const {
  const double last = static_cast<double>(first_.rows() - 1);
  return low_ + (high_ - low_) * (static_cast<double>(i) / last);
}

std::vector<double> PhasePlane::Axis() const {
  std::vector<double> axis;
  for (int64_t i = 0; i < first_.rows(); ++i) axis.push_back(AxisAt(i));
  return axis;
}

void PhasePlane::RunPart(const SystemSubject& subject, int64_t part) {
  if (part < samples()) {
    SampleTrajectory(subject, starts_, part, states_);
  } else if (part < samples() + first_.rows()) {
    FillRow(subject, part - samples());
  } else {
    Follow(subject, part - samples() - first_.rows());
  }
}

void PhasePlane::FillRow(const SystemSubject& subject, int64_t row) {
  PlanarField field(*subject.dynamics, PlaneOf(subject));
  off_[row] = 0;
  for (int64_t j = 0; j < first_.cols(); ++j) {
    const std::array<double, 2> velocity = field.At(AxisAt(row), AxisAt(j));
    first_(row, j) = velocity[0];
    second_(row, j) = velocity[1];
    off_[row] += field.OffPlane(velocity);
  }
}

void PhasePlane::Follow(const SystemSubject& subject, int64_t trajectory) {
  const Plane& plane = PlaneOf(subject);
  Flow flow(*subject.dynamics);
  DynamicsPoint p(subject.dynamics->size());
  starts_.Draw(subject, trajectory, flow, p);
  for (int64_t k = 0; k < seen_.rows(); ++k) {
    const std::array<double, 2> at = plane.Project(p.x.span());
    seen_(k, 2 * trajectory) = at[0];
    seen_(k, 2 * trajectory + 1) = at[1];
    if (!subject.dynamics->is_map()) {
      flow.Advance(p, 1 / kPointsPerTimeConstant, kFlowStep);
    } else if ((k + 1) % std::llround(kPointsPerTimeConstant) == 0) {
      flow.Advance(p, 1, 1);  // a map stays where it is until its next step
    }
  }
}

void PhasePlane::ReportLines(const SystemSubject& subject,
                             AnalysisOutput& out) {
  PlanarField field(*subject.dynamics, PlaneOf(subject));
  std::vector<Polyline> first, second;
  first = ZeroLines({Axis(), first_},
                    [&](double a, double b) { return field.At(a, b)[0]; });
  second = ZeroLines({Axis(), second_},
                     [&](double a, double b) { return field.At(a, b)[1]; });
  RecordLines("nullcline_1", first, out);
  RecordLines("nullcline_2", second, out);
  ReportCrossings(subject, first, out);
}

// Along the first nullcline, where the second component changes its sign.
void PhasePlane::ReportCrossings(const SystemSubject& subject,
                                 const std::vector<Polyline>& lines,
                                 AnalysisOutput& out) {
  PlanarField field(*subject.dynamics, PlaneOf(subject));
  const auto velocity = [&](double a, double b) { return field.At(a, b); };
  std::vector<PlanarPoint> crossings;
  for (const Polyline& line : lines) {
    for (size_t i = 0; i + 1 < line.x.size(); ++i) {
      const double here = velocity(line.x[i], line.y[i])[1];
      const double there = velocity(line.x[i + 1], line.y[i + 1])[1];
      if ((here >= 0) == (there >= 0)) continue;
      const double share = here / (here - there);
      const PlanarPoint guess = {
          line.x[i] + share * (line.x[i + 1] - line.x[i]),
          line.y[i] + share * (line.y[i + 1] - line.y[i])};
      AddRoot(velocity, guess, (high_ - low_) * 1e-6, crossings);
    }
  }
  out.Summary("crossings", "1",
              Measured::Of(static_cast<double>(crossings.size())));
  Array<double> table(2, static_cast<int64_t>(crossings.size()));
  for (size_t k = 0; k < crossings.size(); ++k) {
    table(0, static_cast<int64_t>(k)) = crossings[k].a;
    table(1, static_cast<int64_t>(k)) = crossings[k].b;
  }
  RecordTable("crossing_points", table, "1", out);
}

void PhasePlane::Finish(const SystemSubject& subject, AnalysisOutput& out) {
  const double cells = static_cast<double>(first_.size());
  out.Summary("off_plane", "1",
              Measured::Of(statistics::Sum(off_.span()) / cells));
  ReportLines(subject, out);
  RecordTable("trajectories", seen_, "1", out);
  RecordList("axis", Axis(), "1", out);
  RecordTable("velocity_1", first_, "1", out);
  RecordTable("velocity_2", second_, "1", out);
  RecordTable("plane_origin", PlaneOf(subject).origin(), "1", out);
  RecordTable("plane_axes", PlaneOf(subject).axes(), "1", out);
}

void PhasePlane::VisitState(const std::string& path, StateVisitor& v) {
  v.State(path + ".velocity_1", StateOf(first_, "1"));
  v.State(path + ".velocity_2", StateOf(second_, "1"));
  v.State(path + ".off_plane", StateOf(off_, "1"));
  v.State(path + ".trajectories", StateOf(seen_, "1"));
  v.State(path + ".plane_states", StateOf(states_, "1"));
}

}  // namespace engram
