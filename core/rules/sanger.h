#pragma once

#include <cstdint>

#include "core/rules/rule.h"
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
class Sanger final : public Rule<Real> {
 public:
  Sanger(const Component& component, const RuleShape&)
      : eta_(component.Real("eta")) {}

  void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                  const Limits<Real>& limits) const override;
  void UpdateTracedTile(const Signals<Real>& s, const WeightTile<Real>& w,
                        const Limits<Real>& limits,
                        const SynapticTrace<Real>& trace) const override;

 private:
  // Calls change(column, begin, left) for each stretch of each column, in the
  // order of a column's weights, with one `left` for a column.
  template <class ChangeStretch>
  void ForStretches(const Signals<Real>& s, const WeightTile<Real>& w,
                    ChangeStretch change) const;

  double eta_;  // learning rate [1/ms]
};

}  // namespace engram
