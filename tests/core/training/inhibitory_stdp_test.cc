// Vogels' rule as a learner: pairs of spikes summed one by one, and what it
// leaves to the gradient.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/core/training/training_fixture.h"

namespace engram {
namespace {

using testing::HasSubstr;

constexpr int64_t kSteps = 40, kSamples = 2;

// Three inputs of ones and zeros, of which the last inhibits, onto units that
// spike now and then.
struct Inhibited : SmallNetwork<double> {
  explicit Inhibited(const std::string& layer)
      : SmallNetwork<double>(layer, true, kSamples, kSteps, 0, 1) {
    for (double& x : block.inputs.span()) x = x > 0.2 ? 1 : 0;
    for (double& w : parameters.span()) w *= 3;
  }
  Array<double> Direction(const std::string& learner) {
    Begin();
    Array<double> direction(network.layout().size());
    MakeLearner<double>(Tree(learner, Kind::kLearner, "learner"))
        ->Learn(network, loss, parameters.data(), block, pass,
                direction.data());
    return direction;
  }
  double Spike(int64_t unit, int64_t step, int64_t sample) const {
    return pass.courses[0].outputs(unit, kSamples * (step + 1) + sample);
  }
  // Of one unit and one source, whose spikes `source(step, sample)` gives:
  // every pair of spikes in different steps, whichever comes first, and what
  // every spike of the source takes off.
  template <class Source>
  double Pairs(int64_t unit, Source source, double rho_hz, double tau) const {
    double sum = 0;
    for (int64_t k = 0; k < kSamples; ++k) {
      for (int64_t t = 0; t < kSteps; ++t) {
        sum -= source(t, k) * 2 * rho_hz * 1e-3 * tau;
        for (int64_t s = 0; s < kSteps; ++s) {
          if (s == t) continue;
          sum += source(t, k) * Spike(unit, s, k) *
                 std::exp(-std::abs(static_cast<double>(t - s)) / tau);
        }
      }
    }
    return sum / kSamples;
  }

  const ScopedNumericEnvironment environment;
};

constexpr char kRule[] =
    "{type: inhibitory_stdp, eta: 0.5, rho_0: 15, tau: 12, others: none}";

TEST(InhibitoryStdpTest, AddsUpAllPairsOfSpikes) {
  Inhibited small("{type: feedforward_lif, units: 4, inhibitory_inputs: 0.34}");
  const Array<double> direction = small.Direction(kRule);
  const ParameterMatrix& w =
      *small.network.layout().Find("inhibitory_input_weights");
  ASSERT_EQ(w.cols, 1);
  double spikes = 0;
  for (int64_t i = 0; i < 4; ++i) {
    for (int64_t t = 0; t < kSteps; ++t) spikes += small.Spike(i, t, 0);
    const double wanted = small.Pairs(
        i,
        [&](int64_t t, int64_t k) {
          return small.block.inputs(2, kSamples * t + k);
        },
        15, 12);
    EXPECT_NEAR(direction[w.offset + i], -0.5 * wanted, 1e-12);
  }
  EXPECT_GT(spikes, 3);
  const ParameterMatrix& e = *small.network.layout().Find("input_weights");
  for (int64_t i = 0; i < e.size(); ++i) EXPECT_EQ(direction[e.offset + i], 0);
}

TEST(InhibitoryStdpTest, PairsInhibitoryUnitsWithThoseTheyReach) {
  Inhibited small("{type: recurrent_lif, units: 4, inhibitory_units: 0.5}");
  const Array<double> direction = small.Direction(kRule);
  const ParameterMatrix& w =
      *small.network.layout().Find("inhibitory_recurrent_weights");
  ASSERT_EQ(w.cols, 2);
  for (int64_t j = 0; j < 2; ++j) {
    for (int64_t i = 0; i < 4; ++i) {
      const double wanted = small.Pairs(
          i, [&](int64_t t, int64_t k) { return small.Spike(2 + j, t, k); }, 15,
          12);
      EXPECT_NEAR(direction[w.offset + i + 4 * j], -0.5 * wanted, 1e-12);
    }
  }
}

TEST(InhibitoryStdpTest, LeavesAllOtherParametersToTheGradient) {
  Inhibited small("{type: feedforward_lif, units: 4, inhibitory_inputs: 0.34}");
  const Array<double> exact = small.Direction("{type: bptt}");
  const Array<double> local = small.Direction(kRule);
  const Array<double> both =
      small.Direction("{type: inhibitory_stdp, eta: 0.5, rho_0: 15, tau: 12}");
  for (const ParameterMatrix& matrix : small.network.layout().matrices()) {
    const bool inhibits = matrix.name == "inhibitory_input_weights";
    for (int64_t i = matrix.offset; i < matrix.offset + matrix.size(); ++i) {
      EXPECT_EQ(both[i], inhibits ? local[i] : exact[i]) << matrix.name;
    }
  }
}

TEST(InhibitoryStdpTest, RefusesANetworkWithoutInhibitoryWeights) {
  const auto fault = [](const std::string& network) {
    Faults faults;
    ReadTree(
        "{type: supervised_training, task: {type: ei_selectivity}, "
        "learner: {type: inhibitory_stdp}, readout: {type: "
        "leaky_readout}, network: " +
            network + "}",
        Kind::kProgram, "experiment", faults);
    return faults.empty() ? std::string() : faults[0].Format("tree");
  };
  EXPECT_EQ(fault("{type: feedforward_lif, inhibitory_inputs: 0.5}"), "");
  EXPECT_EQ(fault("{type: recurrent_lif, inhibitory_units: 0.2}"), "");
  EXPECT_THAT(fault("{type: feedforward_lif}"),
              HasSubstr("feedforward_lif has no such weights; take one layer"));
  EXPECT_THAT(fault("{type: gru}"), HasSubstr("gru has no such weights"));
  EXPECT_THAT(
      fault("{type: feedforward_lif, inhibitory_inputs: 0.5, layers: 3}"),
      HasSubstr("has 3 layers"));
}

}  // namespace
}  // namespace engram
