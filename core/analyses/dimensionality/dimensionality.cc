#include "core/analyses/dimensionality/dimensionality.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>

#include "core/base/contract.h"
#include "core/base/statistics.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

// A variance below this share of the mean square is the rounding of constants.
constexpr double kRounding = 1e-24;
// Shares are compared after sums of rounded numbers.
constexpr double kSumRounding = 1e-12;

}  // namespace

ActivityCovariance::ActivityCovariance(int64_t units)
    : samples_(1), shift_(units), sums_(units), products_(units, units) {}

void ActivityCovariance::Add(const Array<double>& activity) {
  ENGRAM_EXPECT(activity.cols() == units());
  if (activity.rows() == 0) return;
  if (samples() == 0) {
    for (int64_t i = 0; i < units(); ++i) shift_[i] = activity(0, i);
  }
  samples_[0] += activity.rows();
  Array<double> moved = activity;
  for (int64_t i = 0; i < units(); ++i) {
    double* const of_unit = moved.data() + i * moved.rows();
    for (int64_t t = 0; t < moved.rows(); ++t) of_unit[t] -= shift_[i];
    sums_[i] += statistics::Sum(moved.col(i));
  }
  for (int64_t i = 0; i < units(); ++i) {
    for (int64_t j = 0; j <= i; ++j) {
      products_(i, j) += statistics::Dot(moved.col(i), moved.col(j));
    }
  }
}

std::vector<double> ActivityCovariance::Variances() const {
  if (samples() < 2) return {};
  const double n = static_cast<double>(samples());
  Eigen::MatrixXd covariance(units(), units());
  double squares = 0;
  for (int64_t i = 0; i < units(); ++i) {
    squares += shift_[i] * shift_[i] + products_(i, i) / n;
    for (int64_t j = 0; j <= i; ++j) {
      covariance(i, j) = (products_(i, j) - sums_[i] * sums_[j] / n) / (n - 1);
    }
  }
  const double trace = covariance.trace();
  if (!(trace > kRounding * squares) || !covariance.diagonal().allFinite()) {
    return {};
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      covariance, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) return {};
  std::vector<double> variances;
  for (Eigen::Index k = units() - 1; k >= 0; --k) {
    variances.push_back(std::max(solver.eigenvalues()(k), 0.0));
  }
  return variances;
}

void ActivityCovariance::VisitState(const std::string& path, StateVisitor& v) {
  v.State(path + ".samples", StateOf(samples_, "1"));
  v.State(path + ".shift", StateOf(shift_, "1"));
  v.State(path + ".sums", StateOf(sums_, "1"));
  v.State(path + ".products", StateOf(products_, "1"));
}

std::vector<std::string> ActivityCovariance::Arrays() {
  return {"samples", "shift", "sums", "products"};
}

std::optional<Dimensionality> DimensionalityOf(
    std::span<const double> variances, double share) {
  ENGRAM_EXPECT(share > 0 && share <= 1);
  const double all = statistics::Sum(variances);
  if (!(all > 0)) return std::nullopt;
  Dimensionality d{
      .participation = all * all / statistics::SumOfSquares(variances),
      .variance = all};
  double explained = 0;
  for (const double variance : variances) {
    explained += variance;
    ++d.components;
    if (explained >= share * all * (1 - kSumRounding)) break;
  }
  return d;
}

}  // namespace engram
