#include "core/analyses/dynamics/plane.h"

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {
Plane::Plane(Array<double> origin, Array<double> axes)
    : origin_(std::move(origin)), axes_(std::move(axes)) {
  ENGRAM_EXPECT(axes_.cols() == 2 && axes_.rows() == origin_.rows());
  uu_ = statistics::SumOfSquares(axes_.col(0));
  vv_ = statistics::SumOfSquares(axes_.col(1));
  uv_ = statistics::Dot(axes_.col(0), axes_.col(1));
  ENGRAM_EXPECT(uu_ * vv_ - uv_ * uv_ > 1e-12 * uu_ * vv_);
}

void Plane::Lift(double a, double b, Array<double>& x) const {
  for (int64_t i = 0; i < origin_.rows(); ++i) {
    x[i] = origin_[i] + a * axes_(i, 0) + b * axes_(i, 1);
  }
}

std::array<double, 2> Plane::Solve(double along_u, double along_v) const {
  const double determinant = uu_ * vv_ - uv_ * uv_;
  return {(vv_ * along_u - uv_ * along_v) / determinant,
          (uu_ * along_v - uv_ * along_u) / determinant};
}

std::array<double, 2> Plane::ProjectVelocity(std::span<const double> v) const {
  return Solve(statistics::Dot(v, axes_.col(0)),
               statistics::Dot(v, axes_.col(1)));
}

std::array<double, 2> Plane::Project(std::span<const double> x) const {
  const double u = statistics::Dot(x, axes_.col(0)) -
                   statistics::Dot(origin_.span(), axes_.col(0));
  const double v = statistics::Dot(x, axes_.col(1)) -
                   statistics::Dot(origin_.span(), axes_.col(1));
  return Solve(u, v);
}

Plane UnitPlane(int64_t n, int64_t first, int64_t second) {
  Array<double> axes(n, 2);
  axes(first, 0) = 1;
  axes(second, 1) = 1;
  return Plane(Array<double>(n), std::move(axes));
}

Plane PatternPlane(const Array<double>& patterns, int64_t first,
                   int64_t second) {
  return Plane(Array<double>(patterns.rows()), [&] {
    Array<double> axes(patterns.rows(), 2);
    std::ranges::copy(patterns.col(first), axes.data());
    std::ranges::copy(patterns.col(second), axes.data() + patterns.rows());
    return axes;
  }());
}

void SampleTrajectory(const SystemSubject& subject, const Starts& starts,
                      int64_t t, Array<double>& states) {
  const int64_t n = subject.dynamics->size();
  Flow flow(*subject.dynamics);
  DynamicsPoint p(n);
  starts.Draw(subject, t, flow, p);
  for (int64_t k = 0; k < kStatesOfEach; ++k) {
    const int64_t column = t * kStatesOfEach + k;
    std::ranges::copy(p.x.span(), states.data() + column * n);
    flow.Advance(p, 1, kFlowStep);
  }
}

Plane PrincipalPlane(const Array<double>& states) {
  const int64_t n = states.rows();
  Eigen::MatrixXd centred = states.map();
  const Eigen::VectorXd mean = centred.rowwise().mean();
  centred.colwise() -= mean;
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(centred, Eigen::ComputeThinU);
  Array<double> origin(n), axes(n, 2);
  origin.map() = mean;
  axes.map() = svd.matrixU().leftCols(2);
  // Of either sign, the one in which the largest share of a unit is positive.
  for (int64_t k = 0; k < 2; ++k) {
    Eigen::Index largest = 0;
    axes.map().col(k).cwiseAbs().maxCoeff(&largest);
    if (axes(largest, k) < 0) axes.map().col(k) *= -1;
  }
  return Plane(std::move(origin), std::move(axes));
}

}  // namespace engram
