#pragma once

#include "core/rules/tiled_rule.h"

namespace engram {

// Hebb's rule on rates, and with negative sign the anti-Hebbian rule:
//
//   dw_ij/dt = +-eta r_i r_j
//
//   r  (n_pre), (n_post)  rate    [1]
//   w  (n_post, n_pre)    weight  [1]
//
// Symmetric in i and j: it stores which units are active together and not in
// which order. Unbounded. Holds no trace.
//
// Source: Hebb (1949), The Organization of Behavior; Hopfield (1982),
// doi:10.1073/pnas.79.8.2554; with negative sign Hopfield, Feinstein, Palmer
// (1983), doi:10.1038/304158a0.
template <class Real>
class Hebbian final : public TiledRule<Real, Hebbian<Real>> {
 public:
  // `signed_eta` is the learning rate with its sign [1/ms].
  explicit Hebbian(double signed_eta) : eta_(signed_eta) {}

  // eta (r_i r_j) in this order, so that w_ij and w_ji get the very same bits.
  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return [eta = static_cast<Real>(eta_ * s.dt), post = s.post.data(),
            pre = s.pre[static_cast<size_t>(column.pre)]](int64_t i, Real) {
      return eta * (post[i] * pre);
    };
  }

 private:
  double eta_;
};

}  // namespace engram
