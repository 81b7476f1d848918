// Short-term plasticity against its equations, stepped by hand.

#include "core/spiking/plasticity/short_term.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/core/spiking/built_network.h"

namespace engram {
namespace {

Component TsodyksMarkram(const std::string& rest) {
  return Tree("{type: tsodyks_markram, " + rest + "}", Kind::kShortTerm);
}

double FactorOf(ShortTermPlasticity<double>& plasticity, int64_t step) {
  const int32_t unit[] = {0};
  plasticity.Restart(step);
  plasticity.Add(step, unit, 0);
  return plasticity.FactorsAt(step)[0];
}

// Depression alone: x_(n+1) = 1 - (1 - x_n (1 - U)) exp(-T / tau), a geometric
// approach to (1 - E) / (1 - (1 - U) E).
TEST(ShortTermTest, DepressesToItsFixedPoint) {
  const ScopedNumericEnvironment environment;
  ShortTermPlasticity<double> plasticity(
      TsodyksMarkram("use: 0.5, tau_rec: 800, tau_facil: 0"), 1, 1);
  EXPECT_DOUBLE_EQ(FactorOf(plasticity, 0), 0.5);
  double x = 1;
  const double e = std::exp(-50.0 / 800);
  for (int64_t n = 1; n < 200; ++n) {
    x = 1 - (1 - x * 0.5) * e;
    ASSERT_NEAR(FactorOf(plasticity, 50 * n), 0.5 * x, 1e-13);
  }
  EXPECT_NEAR(x, (1 - e) / (1 - 0.5 * e), 1e-12);
}

TEST(ShortTermTest, FacilitatesAndRecovers) {
  const ScopedNumericEnvironment environment;
  ShortTermPlasticity<double> plasticity(
      TsodyksMarkram("use: 0.05, tau_rec: 20, tau_facil: 1000"), 1, 1);
  EXPECT_DOUBLE_EQ(FactorOf(plasticity, 0), 0.05);
  const double kept = 0.05 * std::exp(-100.0 / 1000);
  const double u = kept + 0.05 * (1 - kept);
  const double x = 1 - 0.05 * std::exp(-100.0 / 20);
  EXPECT_NEAR(FactorOf(plasticity, 100), u * x, 1e-14);
  // After a long silence as at the start.
  EXPECT_NEAR(FactorOf(plasticity, 100000), 0.05, 1e-12);
}

// In a network: what arrives is the weight times the factor, of each spike and
// for every synapse of its unit.
TEST(ShortTermTest, ScalesWhatASpikeBrings) {
  const auto yaml = [](const std::string& rest) {
    return "dt: 0.5 ms, populations: [" + Driven("pre", 5) +
           ", {type: lif_current_alpha, name: post, units: 70, e_l: "
           "-1000}], projections: [{type: "
           "synapses, from: pre, to: post, delay: 0.5 ms, weight: 2, "
           "connectivity: {type: fixed_probability, p: 0.6}" +
           rest + "}], stimuli: [" + Drive("pre", 40) + "]";
  };
  BuiltNetwork<double> plain(yaml(""));
  BuiltNetwork<double> scaled(
      yaml(", short_term: {type: tsodyks_markram, use: 0.4, tau_rec: 300}"));
  ShortTermPlasticity<double> own(TsodyksMarkram("use: 0.4, tau_rec: 300"), 5,
                                  0.5);
  int compared = 0;
  for (int64_t step = 0; step < 1500; ++step) {
    plain->Advance(1);
    scaled->Advance(1);
    const auto spikes = scaled->spikes(0).At(step);
    own.Restart(step);
    own.Add(step, spikes, 0);
    if (spikes.size() != 1) continue;
    const std::vector<double> full = plain.Read("post.input_excitatory");
    const std::vector<double> less = scaled.Read("post.input_excitatory");
    for (size_t k = 0; k < full.size(); ++k) {
      ASSERT_NEAR(less[k], full[k] * own.FactorsAt(step)[0], 1e-12);
    }
    ++compared;
  }
  EXPECT_GT(compared, 50);
}

}  // namespace
}  // namespace engram
