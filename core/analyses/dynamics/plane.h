#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "core/analyses/dynamics/dynamics.h"
#include "core/analyses/dynamics/starts.h"
#include "core/analyses/system_analysis.h"
#include "core/base/array.h"

namespace engram {

// A plane through a system's states, x = origin + a u + b v, and what a state
// or a velocity is on it: the (a, b) of the nearest point, by least squares.
// For a system of two variables it is all there is.
class Plane {
 public:
  // Axes u, v (n, 2). ContractViolation when they are parallel.
  Plane(Array<double> origin, Array<double> axes);

  void Lift(double a, double b, Array<double>& x) const;
  std::array<double, 2> Project(std::span<const double> x) const;
  std::array<double, 2> ProjectVelocity(std::span<const double> v) const;
  const Array<double>& origin() const { return origin_; }
  const Array<double>& axes() const { return axes_; }

 private:
  std::array<double, 2> Solve(double along_u, double along_v) const;

  Array<double> origin_, axes_;
  double uu_, uv_, vv_;  // scalar products of the axes
};

// Along variables `first` and `second` (from 0), all others 0.
Plane UnitPlane(int64_t n, int64_t first, int64_t second);
// Along two patterns: a coordinate is the share of the pattern in a state.
Plane PatternPlane(const Array<double>& patterns, int64_t first,
                   int64_t second);
// Trajectories from which principal components come, and states of each, a time
// constant apart.
constexpr int64_t kPlaneTrajectories = 40, kStatesOfEach = 10;

// The states of trajectory t, into its columns of `states`
// (n, kPlaneTrajectories * kStatesOfEach).
void SampleTrajectory(const SystemSubject& subject, const Starts& starts,
                      int64_t t, Array<double>& states);
// Along the two leading principal components of the states, through their mean;
// axes of length 1.
Plane PrincipalPlane(const Array<double>& states);

}  // namespace engram
