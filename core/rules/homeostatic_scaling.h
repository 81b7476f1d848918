#pragma once

#include <cstdint>

#include "core/base/array.h"
#include "core/rules/homeostasis_part.h"
#include "core/rules/rule.h"
#include "core/spec/component.h"

namespace engram {

// Synaptic scaling: all weights onto a unit grow or shrink together until the
// unit's mean rate is what it should be.
//
//   dw_ij/dt = beta (goal - m_i) w_ij
//   tau_mean dm_i/dt = -m_i + r_i,   m_i = goal at the start
//
//   r  (n_post)          rate: [1], or from spikes [Hz]
//   m  (n_post)          running mean, likewise
//   w  (n_post, n_pre)   weight [1]
//
// A factor below 0 counts as 0. Euler steps; a step uses the mean as it was
// before it.
//
// Source: Turrigiano et al. (1998), doi:10.1038/36103; van Rossum, Bi,
// Turrigiano (2000), doi:10.1523/JNEUROSCI.20-23-08812.2000.
template <class Real>
class HomeostaticScaling final : public HomeostasisPart<Real> {
 public:
  HomeostaticScaling(const Component& component, const RuleShape& shape);

  void Prepare(const Signals<Real>& s) override;
  const Real* row_factors() const override { return factor_.data(); }
  void UpdateTile(const Signals<Real>& s, const WeightTile<Real>& w,
                  const Limits<Real>& limits) const override;
  void AdvanceTraces(const Signals<Real>& s) override;
  void VisitState(absl::string_view prefix, StateVisitor& v) override;

 private:
  bool counts_spikes_;
  double goal_;      // [1] or [Hz]
  double beta_;      // [1/ms], per unit of rate
  double tau_mean_;  // [ms]
  Array<Real> mean_;
  Array<Real> factor_;  // scratch
};

extern template class HomeostaticScaling<float>;
extern template class HomeostaticScaling<double>;

}  // namespace engram
