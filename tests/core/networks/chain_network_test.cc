#include "core/networks/chain_network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/numerics.h"
#include "tests/support/experiment_tree.h"

namespace engram {
namespace {

Component Network(const std::string& parameters) {
  return Tree("{type: chain_network, " + parameters + "}", Kind::kNetwork,
              "experiment.network");
}

TEST(ChainNetworkTest, AStepIsTheThresholdOfItsField) {
  const ScopedNumericEnvironment environment;
  const ChainNetwork network(Network("units: 4, inhibition: 0.25, drive: 0"),
                             1);
  Array<double> w(4, 4);
  w(1, 0) = 0.6;
  w(2, 0) = 0.2;
  w(2, 3) = 0.3;
  w(0, 3) = 0.5;
  std::vector<double> x = {1, 0, 0, 1}, field(4), input(4);
  network.Step(w, 0, x, field, input);
  // Two were active, so inhibition is 0.5: fields 0.5, 0.6, 0.5, 0 less that.
  EXPECT_EQ(x, (std::vector<double>{0, 1, 0, 0}));
  network.Step(w, 1, x, field, input);
  EXPECT_EQ(x, (std::vector<double>{0, 0, 0, 0}));
}

// Without weights a unit is active when it is driven: 200 units for 500 steps
// with probability 5/200 are 2500 times active, give or take sqrt(2500).
TEST(ChainNetworkTest, InputComesAtItsRate) {
  const ScopedNumericEnvironment environment;
  const ChainNetwork network(Network("units: 200, inhibition: 0, drive: 5"), 3);
  const Array<double> w(200, 200);
  std::vector<double> x(200), field(200), input(200);
  double active = 0;
  for (int64_t step = 0; step < 500; ++step) {
    network.Step(w, step, x, field, input);
    for (double unit : x) active += unit;
  }
  EXPECT_NEAR(active, 2500, 5 * std::sqrt(2500.0));
}

}  // namespace
}  // namespace engram
