#include "core/spiking/circuits/microcircuit_tables.h"

#include "core/base/math.h"

namespace engram::microcircuit {

// Of a million pairs and more, 1 - 1/n loses the digits of 1/n, so its
// logarithm is the series -(x + x^2/2 + x^3/3), x = 1/n < 1e-6.
double Synapses(size_t target, size_t source) {
  const double c = kProbability[target][source];
  const double x = 1 / (kUnits[target] * kUnits[source]);
  return -math::Log(1 - c) / (x + x * x / 2 + x * x * x / 3);
}

}  // namespace engram::microcircuit
