#include "core/analyses/structure/precedence.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/contract.h"

namespace engram {
namespace {

// Antisymmetry this small against the largest weight is rounding.
constexpr double kLeastShare = 1e-12;

Eigen::MatrixXd Antisymmetric(const Array<double>& w) {
  const Eigen::MatrixXd m = w.map();
  Eigen::MatrixXd a = (m - m.transpose()) / 2;
  const double least = kLeastShare * m.cwiseAbs().maxCoeff();
  return (a.array().abs() > least).select(a, 0);
}

// Units that no comparison joins to others stay at 0: a weak spring to 0 makes
// the Laplacian regular and moves the rest by no more than its share.
Eigen::VectorXd Potentials(const Eigen::MatrixXd& a) {
  const Eigen::Index n = a.rows();
  Eigen::MatrixXd laplacian = -a.cwiseAbs();
  laplacian.diagonal() = a.cwiseAbs().rowwise().sum();
  const double scale = laplacian.diagonal().maxCoeff();
  if (!(scale > 0)) return Eigen::VectorXd::Zero(n);
  laplacian.diagonal().array() += 1e-10 * scale;
  const Eigen::VectorXd pull = a.rowwise().sum();
  Eigen::VectorXd s = laplacian.ldlt().solve(pull);
  s.array() -= s.mean();
  return s;
}

double GradientShare(const Eigen::MatrixXd& a, const Eigen::VectorXd& s) {
  double misfit = 0, all = 0;
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
      if (a(i, j) == 0) continue;
      const double step = a(i, j) > 0 ? 1 : -1;
      const double rest = s(i) - s(j) - step;
      misfit += std::abs(a(i, j)) * rest * rest;
      all += std::abs(a(i, j));
    }
  }
  return all > 0 ? 1 - misfit / all : 0;
}

double ForwardShare(const Array<double>& w, const std::vector<int64_t>& order) {
  double forward = 0, all = 0;
  for (size_t j = 0; j < order.size(); ++j) {
    for (size_t i = 0; i < order.size(); ++i) {
      const double weight = std::max(w(order[i], order[j]), 0.0);
      if (i == j) continue;
      all += weight;
      if (i > j) forward += weight;
    }
  }
  return all > 0 ? forward / all : 0;
}

}  // namespace

Precedence ComputePrecedence(const Array<double>& w) {
  ENGRAM_EXPECT(w.rows() == w.cols());
  const Eigen::MatrixXd a = Antisymmetric(w);
  const Eigen::VectorXd s = Potentials(a);
  Precedence p;
  p.potential.assign(s.begin(), s.end());
  p.order.resize(static_cast<size_t>(w.rows()));
  std::iota(p.order.begin(), p.order.end(), 0);
  std::stable_sort(p.order.begin(), p.order.end(),
                   [&](int64_t i, int64_t j) { return s(i) < s(j); });
  p.gradient_share = GradientShare(a, s);
  p.forward_share = ForwardShare(w, p.order);
  return p;
}

std::vector<double> OrderedBands(const Array<double>& w,
                                 const std::vector<int64_t>& order) {
  const int64_t n = w.rows();
  std::vector<double> bands(static_cast<size_t>(2 * n - 1), 0);
  for (int64_t d = 1 - n; d < n; ++d) {
    if (d == 0) continue;
    const int64_t first = std::max<int64_t>(0, -d), count = n - std::abs(d);
    double sum = 0;
    for (int64_t i = first; i < first + count; ++i) {
      sum +=
          w(order[static_cast<size_t>(i + d)], order[static_cast<size_t>(i)]);
    }
    bands[static_cast<size_t>(d + n - 1)] = sum / static_cast<double>(count);
  }
  return bands;
}

}  // namespace engram
