#include "core/analyses/structure/subspace.h"

#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>

#include "core/base/contract.h"
#include "core/base/math.h"

namespace engram {
namespace {

using Matrix = Eigen::MatrixXd;

// Singular values below this share of the largest are rounding.
constexpr double kLeastShare = 1e-12;

// An orthonormal basis of the columns' space.
Matrix BasisOf(const Array<double>& patterns) {
  const Matrix columns = patterns.map();
  const Eigen::ColPivHouseholderQR<Matrix> qr(columns);
  const Matrix q = qr.householderQ();
  return q.leftCols(qr.rank());
}

// The angle whose cosine this is. The arc cosine by its series would lose half
// the digits near 1; a bisection on cos is exact to rounding.
double AngleOf(double cosine) {
  double low = 0, high = 1.5707963267948966;
  if (cosine >= 1) return 0;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (math::Cos(middle) > cosine ? low : high) = middle;
  }
  return (low + high) / 2;
}

// Between two orthonormal bases.
std::vector<double> Angles(const Matrix& a, const Matrix& b) {
  const Matrix product = a.transpose() * b;
  const Eigen::BDCSVD<Matrix> svd(product);
  std::vector<double> angles;
  for (const double cosine : svd.singularValues()) {
    angles.push_back(AngleOf(std::clamp(cosine, 0.0, 1.0)));
  }
  return angles;
}

}  // namespace

std::optional<LowRank> ComputeLowRank(const Array<double>& w,
                                      const Array<double>* patterns) {
  const Matrix matrix = w.map();
  const Eigen::BDCSVD<Matrix> svd(matrix,
                                  Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Eigen::VectorXd& s = svd.singularValues();
  if (s.size() == 0 || !(s(0) > 0)) return std::nullopt;
  LowRank low;
  low.singular_values.assign(s.begin(), s.end());
  const Eigen::ArrayXd squares = s.array().square();
  low.participation = squares.sum() * squares.sum() / squares.square().sum();
  if (patterns == nullptr) return low;
  ENGRAM_EXPECT(patterns->rows() == w.rows());
  const Matrix basis = BasisOf(*patterns);
  const Eigen::Index rank = (s.array() > kLeastShare * s(0)).count();
  const Eigen::Index count = std::min(rank, basis.cols());
  low.left_angles = Angles(basis, svd.matrixU().leftCols(count));
  low.right_angles = Angles(basis, svd.matrixV().leftCols(count));
  const Matrix inside = basis.transpose() * matrix * basis;
  low.share_in_patterns = inside.squaredNorm() / matrix.squaredNorm();
  return low;
}

}  // namespace engram
