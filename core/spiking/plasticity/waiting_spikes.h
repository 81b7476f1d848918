#pragma once

#include <cstdint>

#include "core/spiking/plasticity/eligibility_clock.h"

namespace engram {

// Calls visit(spike) for those from step `from` on, the oldest first, of a
// unit's spikes that lie newest first. One before `from` follows: Settle sees
// to it.
template <class Spike, class Visit>
void ForWaiting(const Spike* newest, int64_t from, Visit visit) {
  const Spike* oldest = newest;
  while (oldest->step >= from) ++oldest;
  while (oldest != newest) visit(*--oldest);
}

// o before a spike, of rules that have it.
template <class Kernel, class Spike>
typename Kernel::Real SlowOf([[maybe_unused]] const Spike& spike) {
  if constexpr (Kernel::kHasSlowTraces) {
    return spike.slow;
  } else {
    return 0;
  }
}

// A weight and its eligibility trace, brought from step to step.
template <class Real, class Landing>
struct TracedSynapse {
  const EligibilityClock& clock;
  const Landing& landing;
  Real weight, trace;
  int64_t at;  // as of after this step

  void MoveTo(int64_t step) {
    if (step == at) return;
    weight = landing(0, weight, static_cast<Real>(clock.G(at, step)) * trace);
    trace *= static_cast<Real>(clock.Decay(step - at));
    at = step;
  }
  // At the present step, which the modulator has acted at.
  void Change(Real change) {
    trace += change;
    weight = landing(0, weight, static_cast<Real>(clock.GainAt(at)) * change);
  }
};

}  // namespace engram
