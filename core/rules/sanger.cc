#include "core/rules/sanger.h"

#include <algorithm>
#include <type_traits>

#include "core/rules/catalog.h"
#include "core/rules/prefix_sums.h"

namespace engram {

namespace {

// Columns are worked on a stretch at a time: the products, then what they
// leave of the presynaptic rate, then the changes, each in a loop of its own
// without order.
constexpr int64_t kStretch = 256;
// The sums take as long as memory does, and the processor looks too little
// ahead to let it work meanwhile: what comes so many bytes later is called for
// by hand.
constexpr int64_t kBytesAhead = 8192;

// rest[k] <- what units up to the k-th of the stretch leave of the presynaptic
// rate; `left` is what those before it leave, and those after it get. A dense
// column's products need no loop of their own.
template <class Column, class Real>
void FillRest(const Real* post, const Column& column, int64_t begin, int64_t n,
              Real& left, Real (&rest)[kStretch]) {
  const Real* w = column.weights + begin;
  const Real* soon = w + kBytesAhead / static_cast<int64_t>(sizeof(Real));
  if constexpr (std::is_same_v<Column, DenseColumn<Real>>) {
    if (n == kStretch) {
      left = RunDown(
          left,
          [w, y = post + begin](int64_t k) {
            Lanes<Real> product = LanesAt(y + k);
            product.v *= LanesAt(w + k).v;
            return product;
          },
          rest, kStretch, soon);
      return;
    }
  }
  for (int64_t k = 0; k < n; ++k) {
    rest[k] = post[column.post(begin + k)] * w[k];
  }
  std::fill(rest + n, rest + kStretch, Real{0});
  left = RunDown(
      left, [&rest](int64_t k) { return LanesAt(rest + k); }, rest, kStretch,
      soon);
}

// Calls take(k, i, change) for the stretch of a column that begins at weight
// `begin`. The sums take in a weight as it was before its change.
template <class Column, class Real, class Take>
void ForChanges(Real eta, const Real* post, const Column& column, int64_t begin,
                Real& left, Take take) {
  alignas(64) Real rest[kStretch];
  const int64_t n = std::min(kStretch, column.size - begin);
  FillRest(post, column, begin, n, left, rest);
#pragma GCC ivdep
  for (int64_t k = 0; k < n; ++k) {
    const int64_t i = column.post(begin + k);
    take(begin + k, i, eta * (post[i] * rest[k]));
  }
}

}  // namespace

template <class Real>
template <class ChangeStretch>
void Sanger<Real>::ForStretches(const Signals<Real>& s,
                                const WeightTile<Real>& w,
                                ChangeStretch change) const {
  ForColumns(w, [&](const auto& column) {
    Real left = s.pre[static_cast<size_t>(column.pre)];
    for (int64_t begin = 0; begin < column.size; begin += kStretch) {
      change(column, begin, left);
    }
  });
}

template <class Real>
void Sanger<Real>::UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                              const Limits<Real>& limits) const {
  const Real eta = static_cast<Real>(eta_ * s.dt);
  const Real* post = s.post.data();
  WithLanding(limits, [&](const auto& landing_of) {
    ForStretches(s, w, [&](const auto& column, int64_t begin, Real& left) {
      const auto landing = landing_of(column.pre);
      Real* __restrict weight = column.weights;
      ForChanges(eta, post, column, begin, left,
                 [=](int64_t k, int64_t i, Real change) {
                   weight[k] = landing(i, weight[k], change);
                 });
    });
  });
}

template <class Real>
void Sanger<Real>::UpdateTracedTile(const Signals<Real>& s,
                                    const WeightTile<Real>& w,
                                    const Limits<Real>& limits,
                                    const SynapticTrace<Real>& trace) const {
  const Real eta = static_cast<Real>(eta_ * s.dt);
  const Real* post = s.post.data();
  WithLanding(limits, [&](const auto& landing_of) {
    ForStretches(s, w, [&](const auto& column, int64_t begin, Real& left) {
      const auto landing = landing_of(column.pre);
      Real* __restrict weight = column.weights;
      Real* __restrict e = trace.value + column.offset;
      ForChanges(eta, post, column, begin, left,
                 [=, gain = trace.gain, decay = trace.decay](
                     int64_t k, int64_t i, Real change) {
                   const Real value = decay * e[k] + change;
                   e[k] = value;
                   weight[k] = landing(i, weight[k], gain[i] * value);
                 });
    });
  });
}

template class Sanger<float>;
template class Sanger<double>;

RuleRow SangerRow() {
  return RowOfRule<Sanger>(
      {.type = "sanger",
       .summary = "generalised Hebbian algorithm: the units learn the leading "
                  "eigenvectors of their input's correlations, in order",
       .equation = "dw_ij/dt = eta r_i (r_j - sum_{k <= i} r_k w_kj)",
       .reference = "doi:10.1016/0893-6080(89)90044-0",
       .parameters = {LearningRate()}},
      {Signal::kRates});
}

}  // namespace engram
