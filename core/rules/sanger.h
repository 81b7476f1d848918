#pragma once

#include <cstdint>

#include "core/rules/tiled_rule.h"
#include "core/spec/component.h"

namespace engram {

// Sanger's rule, the generalised Hebbian algorithm:
//
//   dw_ij/dt = eta r_i (r_j - sum_{k <= i} r_k w_kj)
//
//   r  (n_pre), (n_post)  rate    [1]
//   w  (n_post, n_pre)    weight  [1]
//
// With r_post = w r_pre and small eta the i-th row of w tends, up to sign, to
// the i-th eigenvector of the correlations of r_pre, by falling eigenvalue.
// Holds no trace.
//
// Source: Sanger (1989), Neural Netw. 2:459-473,
// doi:10.1016/0893-6080(89)90044-0.
template <class Real>
class Sanger final : public TiledRule<Real, Sanger<Real>> {
 public:
  static constexpr bool kInOrder = true;

  Sanger(const Component& component, const RuleShape&)
      : eta_(component.Real("eta")) {}

  // The sum takes in a weight as it was before its change.
  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return [eta = static_cast<Real>(eta_ * s.dt), post = s.post.data(),
            rest = s.pre[static_cast<size_t>(column.pre)]](int64_t i,
                                                           Real w) mutable {
      rest -= post[i] * w;
      return eta * (post[i] * rest);
    };
  }

 private:
  double eta_;  // learning rate [1/ms]
};

}  // namespace engram
