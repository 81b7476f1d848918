#include "core/rules/row_sums.h"

#include <algorithm>

namespace engram {
namespace {

template <class Real, class Term>
void AddTerms(const WeightTile<Real>& w, Real* sums, Term term) {
  ForColumns(w, [&](const auto& column) {
    const Real* weight = column.weights;
    Real* __restrict sum = sums;
#pragma GCC ivdep
    for (int64_t k = 0; k < column.size; ++k) {
      sum[column.post(k)] += term(weight[k]);
    }
  });
}

}  // namespace

template <class Real>
void RowSums<Real>::Clear(int64_t block) {
  std::fill_n(OfBlock(block), partial_.rows(), Real{0});
}

template <class Real>
void RowSums<Real>::Add(RowSum sum, int64_t block, const WeightTile<Real>& w) {
  WithTerm<Real>(sum, [&](auto term) { AddTerms(w, OfBlock(block), term); });
}

template <class Real>
std::span<const double> RowSums<Real>::Total() {
  sums_.Fill(0);
  for (int64_t block = 0; block < partial_.cols(); ++block) {
    const Real* partial = partial_.data() + block * partial_.rows();
    for (int64_t i = 0; i < sums_.rows(); ++i) {
      sums_[i] += static_cast<double>(partial[i]);
    }
  }
  return sums_.span();
}

template class RowSums<float>;
template class RowSums<double>;

}  // namespace engram
