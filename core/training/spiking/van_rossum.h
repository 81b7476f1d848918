#pragma once

#include "core/training/loss.h"

namespace engram {

// How far spike trains are from those that are wanted, once both are smoothed:
//
//   e_k = f * (y_k - target_k)
//   L = weight (tau_rise + tau_decay) / dt mean_k sum_t e_k(t)^2
//
//   y       (outputs)  spikes, 0 or 1 in a step
//   target  (outputs)  likewise
//   f       two exponentials one behind the other, each of area 1:
//           a(t) = r a(t-1) + (1 - r) x(t),  e(t) = d e(t-1) + (1 - d) a(t),
//           r = exp(-dt / tau_rise), d = exp(-dt / tau_decay)
//
// The factor makes L half the number of spikes, missing ones and those too
// many, where they lie far apart: the area of f^2 is 1 / (2 (tau_rise +
// tau_decay)) for short steps. A mean over trials.
//
// Source: van Rossum (2001), doi:10.1162/089976601300014321; with two
// exponentials Zenke and Ganguli (2018), doi:10.1162/neco_a_01086.
template <class Real>
class VanRossum final : public LossTerm<Real> {
 public:
  explicit VanRossum(const Component& component);

  // What stays of the two exponentials in a step.
  double rise() const { return rise_; }
  double decay() const { return decay_; }

  // Writes dL/de, (outputs, scored columns), to `signals`; gives L.
  double Signals(const TrainingBlock<Real>& block, int64_t outputs_per_head,
                 const Real* outputs, Real* signals) const;
  double Outputs(const TrainingBlock<Real>& block, int64_t outputs_per_head,
                 const Real* outputs, Real* errors) const override;

 private:
  double scale_, rise_, decay_;
};

}  // namespace engram
