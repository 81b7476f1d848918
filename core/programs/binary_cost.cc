#include "core/programs/binary_cost.h"

namespace engram {
namespace {

// Measured with the release build on one core of an AMD EPYC: one weight in one
// update, full and sparse; one word of 64 patterns of one weight, when it is
// stored; one unit in one update, its overlap with a pattern included.
constexpr double kFullWeight = 0.3e-9;    // [s]
constexpr double kSparseWeight = 0.7e-9;  // [s]
constexpr double kStoredWord = 1.2e-9;    // [s]
constexpr double kUnit = 5e-9;            // [s]
constexpr int64_t kProcess = 32 << 20;    // [bytes] without any array

}  // namespace

double WeightsOf(const Component& network) {
  const double units = static_cast<double>(network.Integer("units"));
  const double in_degree = static_cast<double>(network.Integer("in_degree"));
  return units * (in_degree > 0 ? in_degree : units);
}

double StoreSeconds(const Component& network, double patterns) {
  return kStoredWord * WeightsOf(network) * (1 + patterns / 64);
}

double UpdateSeconds(const Component& network) {
  const bool is_sparse = network.Integer("in_degree") > 0;
  return (is_sparse ? kSparseWeight : kFullWeight) * WeightsOf(network) +
         kUnit * static_cast<double>(network.Integer("units"));
}

// A weight takes 8 bytes, full or sparse (with its presynaptic unit); patterns
// take two bits a unit.
int64_t BinaryMemory(const Component& network, double patterns) {
  const double units = static_cast<double>(network.Integer("units"));
  return kProcess + static_cast<int64_t>(8 * WeightsOf(network) +
                                         units * (patterns / 4 + 64));
}

}  // namespace engram
