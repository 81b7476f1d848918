#include "core/analyses/dynamics/planar_root.h"

#include <algorithm>
#include <cmath>

namespace engram {
namespace {

// A root this many distances from its guess is another one.
constexpr double kReach = 1e5;

double Distance(const PlanarPoint& p, const PlanarPoint& q) {
  return std::max(std::abs(p.a - q.a), std::abs(p.b - q.b));
}

}  // namespace

void AddRoot(
    absl::FunctionRef<std::array<double, 2>(double a, double b)> functions,
    PlanarPoint guess, double distance, std::vector<PlanarPoint>& roots) {
  PlanarPoint at = guess;
  for (int i = 0; i < 50; ++i) {
    const double h = distance;
    const std::array<double, 2> f = functions(at.a, at.b);
    const auto a1 = functions(at.a + h, at.b), a0 = functions(at.a - h, at.b);
    const auto b1 = functions(at.a, at.b + h), b0 = functions(at.a, at.b - h);
    const double fa = (a1[0] - a0[0]) / (2 * h), fb = (b1[0] - b0[0]) / (2 * h);
    const double ga = (a1[1] - a0[1]) / (2 * h), gb = (b1[1] - b0[1]) / (2 * h);
    const double determinant = fa * gb - fb * ga;
    if (determinant == 0) break;
    const PlanarPoint step = {(fb * f[1] - gb * f[0]) / determinant,
                              (ga * f[0] - fa * f[1]) / determinant};
    at = {at.a + step.a, at.b + step.b};
    if (!(Distance(at, guess) < kReach * distance)) return;
    if (std::max(std::abs(step.a), std::abs(step.b)) < 1e-9 * distance) break;
  }
  const bool is_known = std::ranges::any_of(
      roots, [&](const PlanarPoint& p) { return Distance(p, at) < distance; });
  if (!is_known) roots.push_back(at);
}

}  // namespace engram
