#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>

namespace engram {

// What a model of K parameters says at one place: the sum of squared residuals,
// and the normal equations of its linearisation.
template <int K>
struct NormalEquations {
  using Vector = Eigen::Matrix<double, K, 1>;
  using Matrix = Eigen::Matrix<double, K, K>;

  double squares = 0;
  Matrix curvature = Matrix::Zero();  // J'J
  Vector descent = Vector::Zero();    // J'(y - f)

  void Add(double residual, const Vector& slope) {
    squares += residual * residual;
    curvature += slope * slope.transpose();
    descent += slope * residual;
  }
};

// A box for K parameters.
template <int K>
struct ParameterBox {
  Eigen::Matrix<double, K, 1> lower, upper;
};

// Least squares by Levenberg (1944) and Marquardt (1963, doi:10.1137/0111030)
// within a box: what stands at a bound and would leave it is held there for a
// step, and a step ends at the bounds. `equations(p)` gives NormalEquations<K>.
// `p` is moved to the minimum, whose sum of squares is returned.
template <int K, class Equations>
double FitWithin(const ParameterBox<K>& box, const Equations& equations,
                 Eigen::Matrix<double, K, 1>& p) {
  using Vector = Eigen::Matrix<double, K, 1>;
  using Matrix = Eigen::Matrix<double, K, K>;
  constexpr int kMostSteps = 1000;
  constexpr double kMostDamping = 1e12, kLeastDamping = 1e-12;
  constexpr double kLeastGain = 1e-15;
  NormalEquations<K> here = equations(p);
  double damping = 1e-3;
  int small_gains = 0;
  for (int step = 0; step < kMostSteps && damping < kMostDamping; ++step) {
    Matrix a = here.curvature;
    Vector b = here.descent;
    for (int k = 0; k < K; ++k) {
      a(k, k) += damping * (a(k, k) + 1e-300);
      const bool is_held = (p(k) <= box.lower(k) && b(k) < 0) ||
                           (p(k) >= box.upper(k) && b(k) > 0);
      if (!is_held && here.curvature(k, k) > 0) continue;
      a.row(k).setZero();
      a.col(k).setZero();
      a(k, k) = 1;
      b(k) = 0;
    }
    const Vector solved = a.ldlt().solve(b);
    const Vector next = (p + solved).cwiseMax(box.lower).cwiseMin(box.upper);
    const NormalEquations<K> there = equations(next);
    if (!(there.squares < here.squares)) {
      damping *= 10;
      continue;
    }
    // Three steps in a row that gain next to nothing are the end.
    const double gain = here.squares - there.squares;
    small_gains = gain <= kLeastGain * here.squares ? small_gains + 1 : 0;
    p = next;
    here = there;
    damping = std::max(damping / 10, kLeastDamping);
    if (small_gains == 3) break;
  }
  return here.squares;
}

}  // namespace engram
