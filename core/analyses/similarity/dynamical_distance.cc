#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <complex>

#include "core/analyses/similarity/assignment.h"
#include "core/analyses/similarity/dynamical.h"
#include "core/base/contract.h"
#include "core/base/random.h"

namespace engram {
namespace {

using Matrix = Eigen::MatrixXd;

constexpr int kStarts = 16;  // half of either orientation
constexpr int kSteps = 2000;

// Descends |A - C B C'|_F^2 along C <- Cayley(-step S) C, where S = G C' - C G'
// is the gradient G turned into a rotation's generator (Wen and Yin 2013,
// doi:10.1007/s10107-012-0584-1).
class Descent {
 public:
  Descent(const Matrix& a, const Matrix& b) : a_(a), b_(b) {}

  double Run(Matrix c) const {
    double value = Value(c);
    double step = 0.1;
    for (int i = 0; i < kSteps && value > 0; ++i) {
      const Matrix s = Generator(c);
      const double size = s.squaredNorm();
      if (size <= 1e-24 * (1 + value)) break;
      Matrix next;
      double lower = value;
      while (step > 1e-12) {
        next = Turned(c, s, step);
        lower = Value(next);
        if (lower <= value - 1e-4 * step * size) break;
        step /= 2;
      }
      if (step <= 1e-12) break;
      const bool is_done = value - lower <= 1e-15 * value;
      c = next;
      value = lower;
      step *= 1.7;
      if (is_done) break;
    }
    return value;
  }

 private:
  double Value(const Matrix& c) const {
    return (a_ - c * b_ * c.transpose()).squaredNorm();
  }

  Matrix Generator(const Matrix& c) const {
    const Matrix rest = a_ - c * b_ * c.transpose();
    const Matrix gradient =
        -2 * (rest * c * b_.transpose() + rest.transpose() * c * b_);
    return gradient * c.transpose() - c * gradient.transpose();
  }

  static Matrix Turned(const Matrix& c, const Matrix& s, double step) {
    const Matrix one = Matrix::Identity(c.rows(), c.cols());
    const Matrix left = one + step / 2 * s;
    const Matrix right = (one - step / 2 * s) * c;
    return left.partialPivLu().solve(right);
  }

  const Matrix& a_;
  const Matrix& b_;
};

// An orthogonal matrix of either orientation; number 0 is the identity.
Matrix StartRotation(Eigen::Index q, int number) {
  Matrix c = Matrix::Identity(q, q);
  if (number > 1) {
    const RandomStream stream(0, "dynamical_distance", "starts");
    Array<double> draws(q, q);
    stream.FillNormal(number, draws.span());
    const Matrix drawn = draws.map();
    c = Eigen::HouseholderQR<Matrix>(drawn).householderQ();
  }
  const bool is_turned = c.determinant() < 0;
  if (is_turned != (number % 2 == 1)) c.col(0) = -c.col(0);
  return c;
}

// Bases in which the real Schur forms stand: for normal matrices, whose forms
// are block-diagonal, one of their orders is near the best one already.
Matrix SchurBasis(const Matrix& a) {
  return Eigen::RealSchur<Matrix>(a).matrixU();
}

}  // namespace

double DynamicalDistance(const Array<double>& a, const Array<double>& b) {
  ENGRAM_EXPECT(a.rows() == a.cols() && b.rows() == b.cols());
  ENGRAM_EXPECT(a.rows() == b.rows());
  const Matrix first = a.map(), second = b.map();
  const Descent descent(first, second);
  const Matrix from = SchurBasis(first), to = SchurBasis(second);
  double best = descent.Run(from * to.transpose());
  for (int number = 0; number < kStarts; ++number) {
    best = std::min(best, descent.Run(StartRotation(first.rows(), number)));
  }
  return std::sqrt(best);
}

std::optional<double> EigenvalueDistance(const Array<double>& a,
                                         const Array<double>& b) {
  ENGRAM_EXPECT(a.rows() == b.rows());
  const Eigen::EigenSolver<Matrix> first(a.map(), false);
  const Eigen::EigenSolver<Matrix> second(b.map(), false);
  if (first.info() != Eigen::Success || second.info() != Eigen::Success) {
    return std::nullopt;
  }
  Array<double> cost(a.rows(), a.rows());
  for (int64_t j = 0; j < a.rows(); ++j) {
    for (int64_t i = 0; i < a.rows(); ++i) {
      cost(i, j) = std::norm(first.eigenvalues()(i) - second.eigenvalues()(j));
    }
  }
  const std::vector<int64_t> column = CheapestAssignment(cost);
  double sum = 0;
  for (int64_t i = 0; i < a.rows(); ++i) {
    sum += cost(i, column[static_cast<size_t>(i)]);
  }
  return std::sqrt(sum);
}

}  // namespace engram
