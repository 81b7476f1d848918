#include "core/analyses/similarity/representation.h"

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>

#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

// Columns less their means; the norm of the rest into `norm`.
Array<double> Centred(const Array<double>& x, double* norm) {
  Array<double> centred = x;
  const double steps = static_cast<double>(x.rows());
  for (int64_t j = 0; j < x.cols(); ++j) {
    const double mean = statistics::Sum(x.col(j)) / steps;
    for (int64_t i = 0; i < x.rows(); ++i) centred(i, j) -= mean;
  }
  *norm = std::sqrt(statistics::SumOfSquares(centred.span()));
  // What is left of a recording that does not vary is rounding.
  const double size = std::sqrt(statistics::SumOfSquares(x.span()));
  if (*norm <= 1e-14 * size) *norm = 0;
  return centred;
}

Array<double> Product(const Array<double>& x, const Array<double>& y) {
  Array<double> product(x.cols(), y.cols());
  product.map().noalias() = x.map().transpose() * y.map();
  return product;
}

double SquareNorm(const Array<double>& x) {
  return statistics::SumOfSquares(x.span());
}

}  // namespace

std::optional<double> LinearCka(const Array<double>& x,
                                const Array<double>& y) {
  ENGRAM_EXPECT(x.rows() == y.rows());
  double x_norm = 0, y_norm = 0;
  const Array<double> a = Centred(x, &x_norm), b = Centred(y, &y_norm);
  if (x_norm == 0 || y_norm == 0) return std::nullopt;
  return SquareNorm(Product(b, a)) /
         std::sqrt(SquareNorm(Product(a, a)) * SquareNorm(Product(b, b)));
}

std::optional<double> ProcrustesDistance(const Array<double>& x,
                                         const Array<double>& y) {
  ENGRAM_EXPECT(x.rows() == y.rows());
  double x_norm = 0, y_norm = 0;
  const Array<double> a = Centred(x, &x_norm), b = Centred(y, &y_norm);
  if (x_norm == 0 || y_norm == 0) return std::nullopt;
  const Array<double> product = Product(a, b);
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(product.map());
  const double nuclear = svd.singularValues().sum() / (x_norm * y_norm);
  return std::sqrt(std::max(2 - 2 * nuclear, 0.0));
}

}  // namespace engram
