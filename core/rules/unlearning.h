#pragma once

#include "core/rules/tiled_rule.h"
#include "core/spec/component.h"

namespace engram {

// Unlearning: one application at a state to which a network has relaxed
// takes a little of that state out of its weights.
//
//   w_ij <- w_ij - (epsilon / n_pre) s_i s_j
//
// where n_pre counts the inputs of a unit: of sparse weights their mean number.
//
//   s  (n_pre), (n_post)  state, +-1, given as rates  [1]
//   w  (n_post, n_pre)    weight                      [1]
//
// Relaxation from random states ends more often in mixtures than in stored
// patterns, so mixtures lose more, and recall gets better. A step is an
// application; its length does not matter. Holds no trace.
//
// Source: Hopfield, Feinstein, Palmer (1983), doi:10.1038/304158a0.
template <class Real>
class Unlearning final : public TiledRule<Real, Unlearning<Real>> {
 public:
  Unlearning(const Component& component, const RuleShape& shape)
      : share_(static_cast<Real>(component.Real("epsilon") / InputsOf(shape))) {
  }

  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return [share = -share_, post = s.post.data(),
            pre = s.pre[static_cast<size_t>(column.pre)]](int64_t i, Real) {
      return share * (post[i] * pre);
    };
  }

 private:
  static double InputsOf(const RuleShape& shape) {
    if (shape.synapses < 0) return static_cast<double>(shape.n_pre);
    return static_cast<double>(shape.synapses) /
           static_cast<double>(shape.n_post);
  }

  Real share_;  // epsilon / n_pre [1]
};

}  // namespace engram
