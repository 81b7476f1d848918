#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/analyses/dynamics/contour.h"
#include "core/analyses/dynamics/plane.h"
#include "core/analyses/dynamics/starts.h"
#include "core/analyses/system_analysis.h"
#include "core/base/array.h"
#include "core/spec/component.h"

namespace engram {

// A system's velocities on a plane, the lines on which one of their two
// components is 0, where those lines cross, and trajectories seen on the plane.
// Of two variables, all of it is exact; of more, velocities are those on the
// plane itself, projected on it. A part is a trajectory of those that principal
// components come from, a row of the grid, or a trajectory that is shown.
class PhasePlane final : public SystemAnalysis {
 public:
  // Of a system of n variables.
  PhasePlane(const Component& component, uint64_t seed, int64_t n);

  int64_t parts() const override {
    return samples() + first_.rows() + trajectories_;
  }
  void RunPart(const SystemSubject& subject, int64_t part) override;
  void Finish(const SystemSubject& subject, AnalysisOutput& out) override;
  void VisitState(const std::string& path, StateVisitor& v) override;

 private:
  bool is_principal() const { return states_.cols() > 1; }
  // Parts before the grid.
  int64_t samples() const { return is_principal() ? kPlaneTrajectories : 0; }
  void FillRow(const SystemSubject& subject, int64_t row);
  void Follow(const SystemSubject& subject, int64_t trajectory);
  Plane MakePlane(const SystemSubject& subject) const;
  const Plane& PlaneOf(const SystemSubject& subject);
  double AxisAt(int64_t i) const;
  std::vector<double> Axis() const;
  void ReportLines(const SystemSubject& subject, AnalysisOutput& out);
  void ReportCrossings(const SystemSubject& subject,
                       const std::vector<Polyline>& lines, AnalysisOutput& out);

  std::string axes_;
  int64_t first_axis_, second_axis_;  // from 0
  double low_, high_;                 // [1]
  int64_t trajectories_;
  double duration_;  // of each [time constants]
  Starts starts_;

  // Of the projected velocity at (row, column) of the grid.
  Array<double> first_, second_;  // (n_grid, n_grid)
  Array<double> off_;             // (n_grid) velocity off the plane, summed

  Array<double> seen_;  // (n_points, 2 n_trajectories) a and b of one, the next
  // On trajectories, from which principal components come; one number where
  // the axes are others.
  Array<double> states_;

  std::optional<Plane> plane_;  // made when first needed
};

}  // namespace engram
