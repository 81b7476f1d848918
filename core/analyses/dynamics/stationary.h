#pragma once

#include <cstdint>

#include "core/analyses/dynamics/dynamics.h"
#include "core/base/array.h"

namespace engram {

// What a search for a stationary state ended at.
enum class Stationary {
  kFixed,  // q < 1e-10: the state stays
  kSlow,   // a local minimum of q below 1e-4: it hardly moves
  kNone,   // a minimum of q where the system moves on, or none was reached
};

// Minimises q(x) = |F(x)|^2 / 2 from a state, by Newton's method on q with
// Levenberg and Marquardt's damping. The Hessian of q is exact,
//
//   H = J'J + sum_i F_i d2F_i,
//
// so that slow points, at which J is singular, are reached as fast as fixed
// ones; in the end fixed points are polished by Newton's method on F itself.
//
// Source: Sussillo and Barak (2013), doi:10.1162/NECO_a_00409. One search has
// its own memory; O(n^3) an iteration. From one thread at a time.
class StationarySearch {
 public:
  explicit StationarySearch(const Dynamics& dynamics);

  static constexpr int64_t kMostIterations = 300;

  // Moves p.x to the minimum, and evaluates there.
  Stationary Find(DynamicsPoint& p);
  double q() const { return q_; }  // at the last one
  int64_t iterations() const { return iterations_; }

  // The same in pieces: Begin at a state, or where another search object was
  // left; Advance until it says that the search is over; End. What is to be
  // kept of a piece is p.x, the damping and the iterations.
  void Begin(DynamicsPoint& p, double damping = kFirstDamping,
             int64_t iterations = 0);
  bool Advance(DynamicsPoint& p, int64_t iterations);
  Stationary End(DynamicsPoint& p);
  double damping() const { return damping_; }

 private:
  static constexpr double kFirstDamping = 1e-3;

  enum class Move { kTaken, kStuck };
  void Linearise(DynamicsPoint& p);
  Move Step(DynamicsPoint& p);
  bool Solve();  // step_ from hessian_, damping_, gradient_
  void Polish(DynamicsPoint& p);
  Stationary Judge() const;

  const Dynamics& dynamics_;
  Array<double> jacobian_, hessian_, factor_;
  Array<double> gradient_, step_;
  DynamicsPoint trial_;
  double q_ = 0, damping_ = 0;
  int64_t iterations_ = 0;
};

}  // namespace engram
