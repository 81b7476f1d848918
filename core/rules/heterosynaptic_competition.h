#pragma once

#include <span>

#include "core/base/array.h"
#include "core/rules/homeostasis_part.h"
#include "core/rules/rule.h"
#include "core/spec/component.h"

namespace engram {

// Heterosynaptic competition: where the weights onto a unit, or those of a
// unit, add up to more than a limit, all of them are depressed.
//
//   dw_ij/dt = -strength ([sum_k w_kj - limit]_+ + [sum_k w_ik - limit]_+)
//
//   w  (n_post, n_pre)  weight, as the rule's change of the step left it  [1]
//
// With a temporally asymmetric rule and bounds from 0 a unit ends with one
// strong weight in and one out: chains and loops.
//
// Source: Fiete, Senn, Wang, Hahnloser (2010),
// doi:10.1016/j.neuron.2010.02.003, equation 5.
template <class Real>
class HeterosynapticCompetition final : public HomeostasisPart<Real> {
 public:
  HeterosynapticCompetition(const Component& component, const RuleShape& shape);

  RowSum row_sum() const override { return RowSum::kWeights; }
  void ReadRowSums(std::span<const double> sums) override;
  bool can_wait() const override { return true; }
  void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                  const Limits<Real>& limits) const override;

 private:
  double strength_;     // [1/ms]
  double limit_;        // [weight]
  Array<Real> excess_;  // scratch (n_post): of the rows' sums
};

extern template class HeterosynapticCompetition<float>;
extern template class HeterosynapticCompetition<double>;

}  // namespace engram
