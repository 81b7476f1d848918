#pragma once

#include <vector>

#include "core/analyses/spiking/siegert.h"

namespace engram {

// A sparse network of excitatory and inhibitory units that all see
// statistically the same input (Brunel 2000, model A).
struct BrunelNetwork {
  NoisyUnit unit;
  double excitatory_inputs = 1000;  // C_E of a unit
  double inhibitory_share = 0.25;   // C_I / C_E
  double weight = 0.1;              // J [mV]
  double g = 5;                     // inhibitory weights are -g J
  double external_ratio = 2;        // nu_ext / nu_thr

  // The external rate that alone brings the mean to threshold [Hz].
  double ThresholdRate() const;
  // What a unit sees when all fire at `rate_hz`:
  //   mu = C_E J tau (nu_ext + rate (1 - gamma g))
  //   sigma^2 = C_E J^2 tau (nu_ext + rate (1 + gamma g^2))
  double Mu(double rate_hz) const;     // [mV]
  double Sigma(double rate_hz) const;  // [mV]
};

// A rate that reproduces itself: rate = Siegert(mu(rate), sigma(rate)).
struct StationaryRate {
  double rate_hz = 0;
  // A small excess of the rate lowers what it makes of itself.
  bool is_stable = false;
};

// All between 0 and 1 / t_ref (0 itself among them where no input comes), in
// rising order; found from `intervals` equal ones on the axis sqrt(rate), in
// which low rates are not crowded.
std::vector<StationaryRate> StationaryRates(const BrunelNetwork& network,
                                            int intervals = 400);

}  // namespace engram
