#include "core/analyses/dynamics/flow.h"

#include <algorithm>
#include <cmath>

#include "core/base/statistics.h"

namespace engram {

Flow::Flow(const Dynamics& dynamics)
    : dynamics_(dynamics),
      start_(dynamics.size()),
      sum_(dynamics.size()),
      noise_(dynamics.size()) {}

void Flow::RungeKutta(DynamicsPoint& p, double step) {
  const int64_t n = dynamics_.size();
  start_ = p.x;
  sum_.Fill(0);
  // Where the next slope is taken, and how much the last one counts.
  constexpr double kAhead[] = {0.5, 0.5, 1};
  constexpr double kCounts[] = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
  for (int stage = 0; stage < 4; ++stage) {
    dynamics_.Evaluate(p);
    for (int64_t i = 0; i < n; ++i) sum_[i] += kCounts[stage] * p.field[i];
    if (stage == 3) break;
    const double ahead = step * kAhead[stage];
    for (int64_t i = 0; i < n; ++i) p.x[i] = start_[i] + ahead * p.field[i];
  }
  for (int64_t i = 0; i < n; ++i) p.x[i] = start_[i] + step * sum_[i];
}

void Flow::Iterate(DynamicsPoint& p) {
  dynamics_.Evaluate(p);
  for (int64_t i = 0; i < dynamics_.size(); ++i) p.x[i] += p.field[i];
}

void Flow::Advance(DynamicsPoint& p, double duration, double step) {
  if (dynamics_.is_map()) {
    const auto steps = static_cast<int64_t>(std::ceil(duration - 1e-9));
    for (int64_t i = 0; i < steps; ++i) Iterate(p);
    dynamics_.Evaluate(p);
    return;
  }
  const int64_t steps = static_cast<int64_t>(std::ceil(duration / step - 1e-9));
  if (steps > 0) {
    const double each = duration / static_cast<double>(steps);
    for (int64_t i = 0; i < steps; ++i) RungeKutta(p, each);
  }
  dynamics_.Evaluate(p);
}

void Flow::NoisyStep(DynamicsPoint& p, double step, double sigma,
                     const RandomStream& noise, int64_t at) {
  dynamics_.Evaluate(p);
  noise.FillNormal(at, noise_.span());
  const double size = dynamics_.is_map() ? sigma : sigma * std::sqrt(2 * step);
  if (dynamics_.is_map()) step = 1;
  for (int64_t i = 0; i < dynamics_.size(); ++i) {
    p.x[i] += step * p.field[i] + size * noise_[i];
  }
}

bool Flow::Settle(DynamicsPoint& p, double duration, double step,
                  double speed) {
  if (dynamics_.is_map()) step = 1;
  const int64_t steps = static_cast<int64_t>(std::ceil(duration / step));
  for (int64_t i = 0; i < steps; ++i) {
    dynamics_.Evaluate(p);
    if (SpeedOf(p) < speed) return true;
    if (dynamics_.is_map()) {
      Iterate(p);
    } else {
      RungeKutta(p, step);
    }
  }
  dynamics_.Evaluate(p);
  return SpeedOf(p) < speed;
}

double SpeedOf(const DynamicsPoint& p) {
  return std::sqrt(statistics::SumOfSquares(p.field.span()));
}

}  // namespace engram
