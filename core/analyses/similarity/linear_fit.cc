#include <Eigen/Cholesky>
#include <Eigen/SVD>
#include <algorithm>

#include "core/analyses/similarity/dynamical.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

using Matrix = Eigen::MatrixXd;

// Units enter by this many principal components at most, which bounds the
// width of the embedded states; what a recall shows lies in far fewer.
constexpr Eigen::Index kComponents = 20;
// Directions with less than this share of the largest singular value are
// rounding.
constexpr double kLeastShare = 1e-10;

Matrix Centred(const Array<double>& recording) {
  Matrix x = recording.map();
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const double mean =
        statistics::Sum(recording.col(j)) / static_cast<double>(x.rows());
    x.col(j).array() -= mean;
  }
  return x;
}

// Scores of the leading `count` components, fewer when there are no more.
Matrix Scores(const Matrix& x, Eigen::Index count) {
  const Eigen::BDCSVD<Matrix> svd(x, Eigen::ComputeThinU | Eigen::ComputeThinV);
  Eigen::Index kept = std::min(count, svd.singularValues().size());
  const double least = kLeastShare * svd.singularValues()(0);
  while (kept > 0 && svd.singularValues()(kept - 1) <= least) --kept;
  return svd.matrixU().leftCols(kept) *
         svd.singularValues().head(kept).asDiagonal();
}

// Rows: states at `delays` times behind each other.
Matrix Embedded(const Matrix& x, const DelayEmbedding& e) {
  const Eigen::Index span = (e.delays - 1) * e.interval;
  const Eigen::Index rows = x.rows() - span;
  Matrix h(rows, x.cols() * e.delays);
  for (Eigen::Index d = 0; d < e.delays; ++d) {
    h.middleCols(d * x.cols(), x.cols()) =
        x.middleRows(span - d * e.interval, rows);
  }
  return h;
}

// The leading left singular vectors of h; empty when h has fewer that count.
std::optional<Matrix> Whitened(const Matrix& h, Eigen::Index rank) {
  const Eigen::BDCSVD<Matrix> svd(h, Eigen::ComputeThinU);
  if (svd.singularValues().size() < rank) return std::nullopt;
  const double least = kLeastShare * svd.singularValues()(0);
  if (!(svd.singularValues()(rank - 1) > least)) return std::nullopt;
  return svd.matrixU().leftCols(rank);
}

}  // namespace

std::optional<Array<double>> FitLinearSystem(const Array<double>& recording,
                                             const DelayEmbedding& e) {
  const int64_t span = (e.delays - 1) * e.interval;
  if (recording.rows() < span + e.rank + 2) return std::nullopt;
  const Matrix centred = Centred(recording);
  if (!(centred.squaredNorm() > 0)) return std::nullopt;
  const Matrix scores = Scores(centred, kComponents);
  if (scores.cols() == 0) return std::nullopt;
  const std::optional<Matrix> z = Whitened(Embedded(scores, e), e.rank);
  if (!z) return std::nullopt;
  const Eigen::Index steps = z->rows() - 1;
  const Matrix now = z->topRows(steps), next = z->bottomRows(steps);
  const Matrix gram = now.transpose() * now;
  const Eigen::LDLT<Matrix> solver(gram);
  if (solver.info() != Eigen::Success) return std::nullopt;
  const Matrix fit = solver.solve(now.transpose() * next);
  Array<double> a(e.rank, e.rank);
  a.map() = fit.transpose();
  if (!statistics::AllFinite(a.span())) return std::nullopt;
  return a;
}

}  // namespace engram
