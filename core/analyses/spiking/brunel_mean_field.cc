#include "core/analyses/spiking/brunel_mean_field.h"

#include <cmath>

#include "core/base/contract.h"

namespace engram {
namespace {

// What the rate makes of itself, less the rate.
double Excess(const BrunelNetwork& network, double rate_hz) {
  return SiegertRate(network.unit, network.Mu(rate_hz),
                     network.Sigma(rate_hz)) -
         rate_hz;
}

// A root between two rates with excesses of different sign.
double Bisect(const BrunelNetwork& network, double low, double high,
              bool is_positive_below) {
  constexpr int kHalvings = 60;
  for (int k = 0; k < kHalvings; ++k) {
    const double middle = 0.5 * (low + high);
    const bool is_positive = Excess(network, middle) > 0;
    (is_positive == is_positive_below ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

double BrunelNetwork::ThresholdRate() const {
  return 1000 * unit.threshold / (weight * excitatory_inputs * unit.tau);
}

double BrunelNetwork::Mu(double rate_hz) const {
  const double external = external_ratio * ThresholdRate();
  return excitatory_inputs * weight * unit.tau * 1e-3 *
         (external + rate_hz * (1 - inhibitory_share * g));
}

double BrunelNetwork::Sigma(double rate_hz) const {
  const double external = external_ratio * ThresholdRate();
  return weight *
         std::sqrt(excitatory_inputs * unit.tau * 1e-3 *
                   (external + rate_hz * (1 + inhibitory_share * g * g)));
}

std::vector<StationaryRate> StationaryRates(const BrunelNetwork& network,
                                            int intervals) {
  ENGRAM_EXPECT(intervals >= 1 && network.unit.refractory > 0);
  std::vector<StationaryRate> found;
  const double top = std::sqrt(1000 / network.unit.refractory);
  // Without any input there is no noise to look at, and silence stays.
  double low = network.external_ratio > 0 ? 0 : 1e-6;
  if (low > 0) found.push_back({.rate_hz = 0, .is_stable = true});
  bool was_positive = Excess(network, low) > 0;
  for (int k = 1; k <= intervals; ++k) {
    const double root = top * k / intervals;
    const double high = root * root;
    const bool is_positive = Excess(network, high) > 0;
    if (is_positive != was_positive) {
      found.push_back({Bisect(network, low, high, was_positive), was_positive});
    }
    low = high;
    was_positive = is_positive;
  }
  return found;
}

}  // namespace engram
