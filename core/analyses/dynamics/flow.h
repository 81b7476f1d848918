#pragma once

#include <cstdint>
#include <span>

#include "core/analyses/dynamics/dynamics.h"
#include "core/base/random.h"

namespace engram {

// Follows a system's state in time, which is counted in its time constant. A
// map goes step by step, whatever step is asked for. Allocates nothing after
// construction.
class Flow {
 public:
  explicit Flow(const Dynamics& dynamics);

  // Advances p.x by `duration` in equal Runge-Kutta steps of at most `step`
  // (fourth order, Kutta 1901), and evaluates there.
  void Advance(DynamicsPoint& p, double duration, double step);
  // One Euler-Maruyama step; the noise makes an uncoupled state of size sigma:
  //   x += step F(x) + sigma sqrt(2 step) N(0, 1), noise at address `at`;
  // of a map x += F(x) + sigma N(0, 1).
  void NoisyStep(DynamicsPoint& p, double step, double sigma,
                 const RandomStream& noise, int64_t at);
  // Advances until |F| < `speed` or `duration` is over; whether it settled.
  bool Settle(DynamicsPoint& p, double duration, double step, double speed);

 private:
  void Iterate(DynamicsPoint& p);
  void RungeKutta(DynamicsPoint& p, double step);

  const Dynamics& dynamics_;
  Array<double> start_, sum_;
  Array<double> noise_;
};

// |F| at an evaluated point.
double SpeedOf(const DynamicsPoint& p);

}  // namespace engram
