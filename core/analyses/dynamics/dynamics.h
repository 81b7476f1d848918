#pragma once

#include <cstdint>
#include <span>

#include "core/base/array.h"

namespace engram {

// A state with what a system computes there. Each thread has its own.
struct DynamicsPoint {
  explicit DynamicsPoint(int64_t size)
      : x(size), activity(size), slope(size), curvature(size), field(size) {}

  Array<double> x;          // state (n) [1]
  Array<double> activity;   // what the coupling carries, phi(x) for rate units
  Array<double> slope;      // d activity / d x, where the system has one
  Array<double> curvature;  // d slope / d x
  Array<double> field;      // F(x) (n) [1]
};

// A system without input from outside, T dx/dt = F(x): time is counted in its
// time constant T, so speeds and eigenvalues have no unit. What looks for fixed
// points, draws nullclines or follows trajectories reads no more than this.
//
// Or a map, x(t + T) = x(t) + F(x(t)), whose time goes in steps of T.
//
// Immutable and thread-safe.
class Dynamics {
 public:
  virtual ~Dynamics() = default;
  virtual int64_t size() const = 0;
  virtual double time_constant() const = 0;  // T [ms]; of a map in steps
  virtual bool is_map() const { return false; }
  // Fills `activity` and `field` for `x`. Allocates nothing.
  virtual void Evaluate(DynamicsPoint& p) const = 0;
  // dF_i/dx_j into `jacobian` (n, n); fills `slope`. After Evaluate.
  virtual void Linearise(DynamicsPoint& p, Array<double>& jacobian) const = 0;
  // Adds sum_i v_i d2F_i/dx_j dx_k to `h` (n, n); h stays symmetric. After
  // Linearise.
  virtual void AddCurvature(DynamicsPoint& p, std::span<const double> v,
                            Array<double>& h) const = 0;
};

}  // namespace engram
