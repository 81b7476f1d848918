#include "core/analyses/similarity/weight_alignment.h"

#include <numeric>

#include "core/analyses/block_structure.h"
#include "core/analyses/similarity/assignment.h"
#include "core/base/contract.h"
#include "core/base/statistics.h"

namespace engram {

std::optional<double> WeightCorrelation(const Array<double>& v,
                                        const Array<double>& w,
                                        const std::vector<int64_t>& match) {
  ENGRAM_EXPECT(v.rows() == w.rows() && v.cols() == w.cols());
  std::vector<double> x, y;
  x.reserve(v.size());
  y.reserve(v.size());
  for (int64_t j = 0; j < v.cols(); ++j) {
    for (int64_t i = 0; i < v.rows(); ++i) {
      if (i == j) continue;
      x.push_back(v(i, j));
      y.push_back(
          w(match[static_cast<size_t>(i)], match[static_cast<size_t>(j)]));
    }
  }
  return statistics::Correlation(x, y);
}

std::vector<int64_t> MatchByNumber(int64_t units) {
  std::vector<int64_t> match(static_cast<size_t>(units));
  std::iota(match.begin(), match.end(), 0);
  return match;
}

std::vector<int64_t> MatchByItem(const SequenceTask& a, const SequenceTask& b,
                                 int64_t units) {
  const std::vector<int64_t> from = UnitsByItem(a, units);
  const std::vector<int64_t> to = UnitsByItem(b, units);
  std::vector<int64_t> match(from.size());
  for (size_t i = 0; i < from.size(); ++i) {
    match[static_cast<size_t>(from[i])] = to[i];
  }
  return match;
}

std::vector<int64_t> MatchByActivity(const Array<double>& a,
                                     const Array<double>& b) {
  ENGRAM_EXPECT(a.rows() == b.rows() && a.cols() == b.cols());
  Array<double> cost(a.cols(), a.cols());
  for (int64_t j = 0; j < b.cols(); ++j) {
    const double square = statistics::SumOfSquares(b.col(j));
    for (int64_t i = 0; i < a.cols(); ++i) {
      cost(i, j) = statistics::SumOfSquares(a.col(i)) + square -
                   2 * statistics::Dot(a.col(i), b.col(j));
    }
  }
  return CheapestAssignment(cost);
}

}  // namespace engram
