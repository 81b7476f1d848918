#include "core/analyses/dynamics/rate_dynamics.h"

#include <algorithm>
#include <utility>

#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {

RateDynamics::RateDynamics(Array<double> coupling, Array<double> input,
                           Array<double> tau, GainFunction gain)
    : coupling_(std::move(coupling)),
      input_(std::move(input)),
      longest_(statistics::LargestMagnitude(tau.span())),
      speed_(std::move(tau)),
      gain_(gain) {
  ENGRAM_EXPECT(coupling_.rows() == coupling_.cols());
  ENGRAM_EXPECT(input_.rows() == size() && speed_.rows() == size());
  for (double& s : speed_.span()) s = longest_ / s;
}

void RateDynamics::Evaluate(DynamicsPoint& p) const {
  gain_.Rates(p.x, p.activity);
  const int64_t n = size();
  double* __restrict field = p.field.data();
  std::copy_n(input_.data(), n, field);
  // Column by column, so that the order of the sums does not depend on packets.
  for (int64_t j = 0; j < n; ++j) {
    const double* __restrict m = coupling_.data() + j * n;
    const double r = p.activity[j];
    for (int64_t i = 0; i < n; ++i) field[i] += m[i] * r;
  }
  for (int64_t i = 0; i < n; ++i) field[i] = speed_[i] * (field[i] - p.x[i]);
}

void RateDynamics::Linearise(DynamicsPoint& p, Array<double>& jacobian) const {
  gain_.Slopes(p.x, p.activity, p.slope, p.curvature);
  const int64_t n = size();
  for (int64_t j = 0; j < n; ++j) {
    const double slope = p.slope[j];
    for (int64_t i = 0; i < n; ++i) {
      jacobian(i, j) = speed_[i] * coupling_(i, j) * slope;
    }
    jacobian(j, j) -= speed_[j];
  }
}

// Potentials meet in sums of functions of one each, so that only the diagonal
// of each second derivative is there: M_ij phi''(x_j).
void RateDynamics::AddCurvature(DynamicsPoint& p, std::span<const double> v,
                                Array<double>& h) const {
  const int64_t n = size();
  for (int64_t j = 0; j < n; ++j) {
    if (p.curvature[j] == 0) continue;
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      sum += v[static_cast<size_t>(i)] * speed_[i] * coupling_(i, j);
    }
    h(j, j) += sum * p.curvature[j];
  }
}

Array<double> WithInhibition(Array<double> w, double w_inhibition) {
  const double each = w_inhibition / static_cast<double>(w.rows());
  for (double& weight : w.span()) weight -= each;
  return w;
}

Array<double> MeanFieldCoupling(const Array<double>& b, double gain,
                                double w_inhibition, const ItemSizes& sizes) {
  ENGRAM_EXPECT(b.rows() == b.cols());
  const double largest = statistics::LargestMagnitude(b.span());
  const double size = static_cast<double>(sizes.units_per_item);
  const double inhibition =
      w_inhibition * size / static_cast<double>(sizes.units);
  const double self = sizes.without_self ? (size - 1) / size : 1.0;
  Array<double> m(b.rows(), b.cols());
  for (int64_t l = 0; l < b.cols(); ++l) {
    for (int64_t k = 0; k < b.rows(); ++k) {
      const double learned = largest > 0 ? gain * b(k, l) / largest : 0.0;
      m(k, l) = (k == l ? self : 1.0) * learned - inhibition;
    }
  }
  return m;
}

}  // namespace engram
