#pragma once

#include <cstdint>

#include "core/base/array.h"
#include "core/rules/tiled_rule.h"
#include "core/spec/component.h"

namespace engram {

// Delayed Hebbian rule: a weight relaxes to a product of the postsynaptic rate
// and the presynaptic rate a delay ago, while one of the two is high.
//
//   tau_w dw_ij/dt = -w_ij + w_max f(r_i(t)) f(r_j(t - delay))
//                    if r_i(t) > threshold or r_j(t - delay) > threshold
//   f(r) = [1 + tanh(a (r - b))] / 2
//
//   r  (n_pre), (n_post)  rate    [1]
//   w  (n_post, n_pre)    weight  [1]
//
// The delay is rounded to whole steps; rates before the start are 0. Weights
// that start in [0, w_max] stay there.
//
// Source: Pereira and Brunel (2020), doi:10.3389/fncom.2019.00097; the
// threshold on either side as in the authors' program.
template <class Real>
class DelayedHebbian final : public TiledRule<Real, DelayedHebbian<Real>> {
 public:
  DelayedHebbian(const Component& component, const RuleShape& shape);

  void Prepare(const Signals<Real>& s) override;
  template <class Column>
  auto ChangeOf(const Signals<Real>& s, const Column& column) const {
    return [share = static_cast<Real>(s.dt / tau_w_), post = post_.data(),
            is_high = high_post_.data(), pre = w_max_ * pre_[column.pre],
            pre_is_high = high_pre_[column.pre]](int64_t i, Real w) {
      const Real active = is_high[i] > pre_is_high ? is_high[i] : pre_is_high;
      return active * (share * (post[i] * pre - w));
    };
  }
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  // f and whether the rate is above the threshold (1 or 0), of each unit.
  void Gain(const Real* rate, Array<Real>& f, Array<Real>& is_high) const;

  double tau_w_;  // [ms]
  Real w_max_;    // [1]
  double a_;      // slope [1]
  double b_;      // half height [1]
  double threshold_;
  Array<Real> history_;    // presynaptic rates (n_pre, steps of the delay)
  Array<int64_t> oldest_;  // its column that was written longest ago
  Array<Real> pre_, post_, high_pre_, high_post_;  // scratch
};

}  // namespace engram
